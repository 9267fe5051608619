// Package audit shows who did what to whom: the log on a page and as a file.
package audit

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/org"
	"hocso/internal/platform/i18n"
	"hocso/views/text"
)

// Form is the filter as typed.
type Form struct {
	Person   string
	Unit     string // name or code
	Action   audit.Action
	From, To string // "2026-01-31"
}

// Data is what the page shows.
type Data struct {
	Form   Form
	Errors map[string]string // field → catalogue key
	Unit   *org.Unit         // that the form's unit stands for, nil for all
	Lines  []*audit.Line
	Names  Names
	Next   string // cursor of the next page, "" on the last one
	First  bool   // this is the first page
}

// Names are units that stand in changes by their ids.
type Names map[uuid.UUID]string

// NamesOf makes them from units.
func NamesOf(units []*org.Unit) Names {
	names := Names{}
	for _, unit := range units {
		names[unit.ID] = unit.Name
	}
	return names
}

// narrowed tells whether the page shows less than all that its reader may see.
func (d Data) narrowed() bool { return d.Form != Form{} }

// asked says on paper what the page was narrowed to.
func (d Data) asked(ctx context.Context) (said []string) {
	add := func(label, value string) {
		if value != "" {
			said = append(said, text.T(ctx, label)+": "+value)
		}
	}
	add("audit.person", d.Form.Person)
	if d.Unit != nil {
		add("audit.unit", d.Unit.Name)
	}
	if d.Form.Action != "" {
		add("audit.action", actionName(ctx, d.Form.Action))
	}
	add("audit.from", day(d.Form.From))
	add("audit.to", day(d.Form.To))
	return said
}

func actionName(ctx context.Context, action audit.Action) string {
	if !slices.Contains(audit.Actions, action) {
		return string(action) // of a later release
	}
	return text.T(ctx, "audit.action."+string(action))
}

// actor names who did it.
func actor(ctx context.Context, line *audit.Line) string {
	switch {
	case line.System():
		return text.T(ctx, "audit.system")
	case line.ActorID == nil:
		return text.T(ctx, "audit.visitor")
	}
	return person(ctx, line.ActorID, line.ActorName)
}

// person names somebody, "" for nobody.
func person(ctx context.Context, id *uuid.UUID, name *string) string {
	switch {
	case id == nil:
		return ""
	case name == nil:
		return text.T(ctx, "audit.erased")
	case *name == "":
		return text.T(ctx, "audit.guest")
	}
	return *name
}

// field names what was changed.
func field(ctx context.Context, name string) string {
	if !slices.Contains(audit.Fields, name) {
		return name
	}
	return text.T(ctx, "audit.field."+name)
}

// value writes what stood in a field in the reader's words.
func (n Names) value(ctx context.Context, name, value string) string {
	switch name {
	case "unit":
		if id, err := uuid.Parse(value); err == nil && n[id] != "" {
			return n[id]
		}
	case "role":
		if slices.Contains(identity.Roles, identity.Role(value)) {
			return text.T(ctx, "role."+value)
		}
	case "action":
		return actionName(ctx, audit.Action(value))
	case "support", "learning", "contact", "study":
		if slices.Contains(words, value) {
			return text.T(ctx, "audit.value."+value)
		}
	case "request":
		return request(ctx, value)
	case "merged":
		return audit.MaskNumber(value) // an id: enough to tell two apart
	case "from", "to":
		return day(value)
	}
	return value
}

// request names a kind or a state of what somebody asked about their data.
func request(ctx context.Context, value string) string {
	switch {
	case slices.Contains([]learner.RequestKind{learner.Correction, learner.Erasure}, learner.RequestKind(value)):
		return text.T(ctx, "mydata.kind_"+value)
	case slices.Contains([]learner.RequestState{learner.Open, learner.Done, learner.Refused, learner.Withdrawn}, learner.RequestState(value)):
		return text.T(ctx, "mydata.state_"+value)
	}
	return value
}

// words are the values of fields that have a name in the catalogue.
var words = []string{
	string(identity.Helped), string(identity.DoneFor), string(identity.BySelf), string(identity.Spoken), string(identity.Written),
}

// change writes a change in a line: "Số điện thoại: …123 → …456".
func (n Names) change(ctx context.Context, c audit.Change) string {
	before, after := n.value(ctx, c.Field, c.Before), n.value(ctx, c.Field, c.After)
	said := field(ctx, c.Field)
	switch {
	case before == "" && after == "":
		return said
	case before == "":
		return said + ": " + after
	case after == "":
		return said + ": " + before + " → " + text.T(ctx, "audit.nothing")
	}
	return said + ": " + before + " → " + after
}

// day writes a date field's day as people do; what is none stays as it is.
func day(typed string) string {
	day, err := time.Parse(time.DateOnly, typed)
	if err != nil {
		return typed
	}
	return i18n.Date(day)
}
