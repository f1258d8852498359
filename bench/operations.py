"""What is measured: the two pages a doctor opens most, and the press that changes something."""

LIST = """
query List { viewer { activities(first: 20) { edges { cursor node {
  id title type status statusLabel startsAt endsAt credits enrollmentOpen placesLeft
  organizer { id name } materials { title kind url } myEnrollment { id state }
} } pageInfo { hasNextPage endCursor } } } }
"""
DASHBOARD = """
query Dashboard { viewer { progress {
  summary { modulesCompleted modulesTotal creditsEarned }
  courses(first: 20) { edges { node {
    id percent score exam examLabel topicsCompleted topicsTotal lessonsLeft modulesCompleted modulesTotal
    course { id title difficulty provider { name } } modules { title completed completedAt score }
    certificate { status statusLabel number }
  } } }
  grades(first: 20) { edges { node { id assessmentTitle kind score maxScore passed } } }
} } }
"""
OPEN = "{ viewer { activities(first: 100, filter: {onlyOpen: true}) { edges { node { id placesLeft } } } } }"
ENROLL = """
mutation Enroll($id: ID!) { enroll(input: {activityId: $id}) {
  activity { id placesLeft } enrollment { state } errors { code message }
} }
"""
CANCEL = """
mutation Cancel($id: ID!) { cancelEnrollment(input: {activityId: $id}) {
  activity { id placesLeft } enrollment { state } errors { code message }
} }
"""
WATCH = """
subscription Watch { activities {
  __typename
  ... on ActivitiesDelta { cursor activity { id title status organizer { name } myEnrollment { state } } }
} }
"""
