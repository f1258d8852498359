"""Every table of the product, so that the metadata is complete; what is imported under its own name is meant to be."""

from models import access as access
from models import account as account
from models import activities as activities
from models import applications as applications
from models import attendance as attendance
from models import certificates as certificates
from models import contact_changes as contact_changes
from models import dashboards as dashboards
from models import education as education
from models import exports as exports
from models import flows as flows
from models import journal as journal
from models import limits as limits
from models import linking as linking
from models import notifications as notifications
from models import organizers as organizers
from models import plan as plan
from models import portfolio as portfolio
from models import privacy as privacy
from models import profile as profile
from models import progress as progress
from models import restrictions as restrictions
from models import second_factor as second_factor
from models import signin as signin
from models import thresholds as thresholds
from models.base import Row as Row
