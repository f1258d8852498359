"""Courses a person has taken up, and what they are made of (requirements 3.2)."""

from sqlmodel import col

from models.education import Course, Element, Module
from models.organizers import Organizer
from resolvers.loading import Relation
from resolvers.rights import everyone, owned

COURSE = Relation(Course, "course_id", col(Course.id), everyone)
COURSE_ORGANIZER = Relation(Organizer, "organizer_id", col(Organizer.id), everyone)
MODULES = Relation(
    Module, "id", col(Module.course_id), everyone, many=True, order=(col(Module.position), col(Module.id))
)
ELEMENT = Relation(Element, "element_id", col(Element.id), owned(col(Element.account_id)))
