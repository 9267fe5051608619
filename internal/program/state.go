package program

// State is where a person stands in a programme.
type State string

// The states. Who is no longer in the audience is Released: the row stays as
// history and counts nowhere.
const (
	Assigned   State = "assigned"    // nothing done yet
	InProgress State = "in-progress" // begun
	DueSoon    State = "due-soon"    // the deadline is near
	Overdue    State = "overdue"     // not done on the day after the deadline
	Completed  State = "completed"
	Exempt     State = "exempt"
	Expiring   State = "expiring" // completed, and the window for renewing is open
	Expired    State = "expired"  // was completed, and was not renewed in time
	Released   State = "released"
)

// States lists those that count, in the order in which pages show them.
var States = []State{Overdue, Expired, DueSoon, Expiring, InProgress, Assigned, Completed, Exempt}

// Behind tells whether somebody in this state is late.
func (s State) Behind() bool { return s == Overdue || s == Expired }

// Holds tells whether somebody in this state has what the programme asks for.
func (s State) Holds() bool { return s == Completed || s == Expiring }

// Open tells whether there is something left to do.
func (s State) Open() bool { return !s.Holds() && s != Exempt && s != Released || s == Expiring }
