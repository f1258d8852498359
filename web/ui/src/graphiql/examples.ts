// What a newcomer sees in the GraphiQL page: a hint, then ready operations, one a tab, in the order of a first day.

export const HINT = `# Кабинет НМО: GraphQL API.
#
# Войдите в кабинет в этом же браузере
# или укажите внизу, во вкладке Headers:
# {"Authorization": "Bearer …"}
#
# Ctrl+Enter выполняет операцию,
# Ctrl+Space подсказывает поля,
# книга слева открывает их описания.
# Примеры — в соседних вкладках.

query WhoAmI {
  viewer {
    name {
      lastName
      firstName
    }
    account {
      state
      accessLevel
    }
    nextSteps
    permissions
  }
}
`;

const ACTIVITIES = `# Ближайшие вебинары с открытой записью; следующая страница: after = pageInfo.endCursor.
query OpenWebinars($filter: ActivityFilter, $after: Cursor) {
  viewer {
    activities(first: 10, after: $after, filter: $filter, sort: [{ field: STARTS_AT }]) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          title
          startsAt
          statusLabel
          organizer {
            name
          }
          placesLeft
        }
      }
    }
  }
}
`;

const ENROLL = `# Запись одним нажатием: повтор безопасен, ошибки приходят данными, все сразу.
mutation Enroll($input: EnrollInput!) {
  enroll(input: $input) {
    enrollment {
      state
    }
    errors {
      __typename
      code
      message
      path
    }
  }
}
`;

const LIVE = `# Живой прогресс: сначала снимок, затем изменения. После обрыва передайте последний cursor в after.
subscription LiveProgress($after: Cursor) {
  progress(after: $after) {
    __typename
    ... on ProgressSnapshot {
      cursor
      courses {
        ...Course
      }
    }
    ... on ProgressDelta {
      cursor
      course {
        ...Course
      }
    }
    ... on Resync {
      cursor
      reason
    }
    ... on Heartbeat {
      cursor
      at
    }
  }
}

fragment Course on CourseProgress {
  id
  course {
    title
  }
  percent
  lessonsLeft
  examLabel
}
`;

const JOURNAL = `# Журнал действий и целость его цепочки.
query Journal {
  viewer {
    auditChainValid
    auditLog(first: 20) {
      edges {
        node {
          seq
          at
          title
          origin
        }
      }
    }
  }
}
`;

export const EXAMPLES: { query: string; variables?: string }[] = [
  { query: HINT },
  {
    query: ACTIVITIES,
    variables: JSON.stringify({ filter: { types: ['EVENT_WEBINAR'], onlyOpen: true } }, null, 2),
  },
  { query: ENROLL, variables: JSON.stringify({ input: { activityId: 'activity_…' } }, null, 2) },
  { query: LIVE },
  { query: JOURNAL },
];
