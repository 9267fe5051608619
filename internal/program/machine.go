package program

import "slices"

// Event is why somebody stands elsewhere than before.
type Event string

// The events. Of several that came together the first that fits is named, in
// the order in which Terms.event asks.
const (
	Left        Event = "left"        // the rule finds them no longer, or the programme was closed
	Joined      Event = "joined"      // the rule finds them
	Excused     Event = "excused"     // let off
	Resumed     Event = "resumed"     // no longer let off
	Rewritten   Event = "rewritten"   // the programme asks for something else
	YearBegan   Event = "year"        // a yearly programme begins anew
	Opened      Event = "opened"      // what was completed may be renewed
	Undone      Event = "undone"      // what was learned no longer counts: merged records were taken apart
	Finished    Event = "finished"    // everything that is asked for is done
	Rescheduled Event = "rescheduled" // another deadline, for this person alone
	Begun       Event = "begun"       // the first lesson, check or hour
	DayPassed   Event = "day"         // nothing but time
)

// move is a way through the machine: from any of some states to any of others.
type move struct{ from, to []State }

// first are the states of those who have not completed a programme yet, renewal
// those of a completion that ends.
var (
	first   = []State{Assigned, InProgress, DueSoon, Overdue}
	renewal = []State{Expiring, Expired}
	valid   = []State{Completed}
	let     = []State{Exempt}
	away    = []State{Released}
	working = slices.Concat(first, renewal, valid)
	inside  = slices.Concat(working, let)
)

// moves is the machine: by which event somebody gets from which state to which.
// Nothing else ever happens: TestMachine walks all of it, and tries everything
// else. Everybody begins outside. A state leads to itself only where a cycle
// begins, or one is taken back. A worker that slept for long sees several
// things at once, so that some ways leave out what lies between.
var moves = map[Event][]move{
	Joined:      {{away, slices.Concat(first, valid, []State{Expiring}, let)}}, // what has expired counts from anew
	Left:        {{inside, away}},
	Excused:     {{working, let}},
	Resumed:     {{let, working}},
	Rewritten:   {{working, working}, {let, let}},
	YearBegan:   {{slices.Concat(first, valid), slices.Concat(first, valid)}, {let, let}},
	Opened:      {{working, renewal}, {slices.Concat(first, valid), valid}, {let, let}},
	Undone:      {{[]State{InProgress}, []State{Assigned}}, {slices.Concat(renewal, valid), working}, {let, let}},
	Finished:    {{slices.Concat(first, renewal), valid}},
	Rescheduled: slices.Concat(among(first), among(renewal)),
	Begun:       {{[]State{Assigned}, []State{InProgress}}},
	DayPassed:   {{[]State{Assigned, InProgress}, []State{DueSoon, Overdue}}, {[]State{DueSoon}, []State{Overdue}}, {[]State{Expiring}, []State{Expired}}},
}

// among leads from each state to all others.
func among(states []State) []move {
	ways := make([]move, len(states))
	for i, from := range states {
		ways[i] = move{[]State{from}, slices.DeleteFunc(slices.Clone(states), func(to State) bool { return to == from })}
	}
	return ways
}

// allows tells whether an event leads from one state to another.
func allows(event Event, from, to State) bool {
	return slices.ContainsFunc(moves[event], func(m move) bool { return slices.Contains(m.from, from) && slices.Contains(m.to, to) })
}

// event names why somebody stands elsewhere than before. Terms may be nil when
// they leave a programme that is closed.
func (t *Terms) event(before, after *Assignment) Event {
	switch {
	case after.State == Released:
		return Left
	case before.State == Released:
		return Joined
	case before.State != Exempt && after.State == Exempt:
		return Excused
	case before.State == Exempt && after.State != Exempt:
		return Resumed
	case before.Revision != after.Revision:
		return Rewritten
	case after.Cycle > before.Cycle && t.Rhythm == Yearly:
		return YearBegan
	case after.Cycle > before.Cycle:
		return Opened
	case after.Cycle < before.Cycle || before.CompletedOn != nil && after.CompletedOn == nil:
		return Undone
	case before.CompletedOn == nil && after.CompletedOn != nil:
		return Finished
	case !sameDay(before.DueOn, after.DueOn):
		return Rescheduled
	case before.State == Assigned && after.State == InProgress:
		return Begun
	case before.State == InProgress && after.State == Assigned:
		return Undone
	}
	return DayPassed
}
