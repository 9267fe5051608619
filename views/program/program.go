// Package program draws the pages of required learning: what an official has
// to do, how a unit stands, and the forms of those who make programmes.
package program

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/i18n"
	"hocso/internal/program"
	"hocso/views/component"
	"hocso/views/text"
)

// Titles names courses, programmes and units: id → title.
type Titles map[uuid.UUID]string

// MineData is what an official's own page shows.
type MineData struct {
	Record    *program.Record
	Externals []*program.External
	Titles    Titles
	Slugs     map[uuid.UUID]string // of courses
	Today     time.Time
}

// next finds the duty to go on with, and the shortest way to finish it; nil
// when nothing is open.
func (d MineData) next() (*program.Duty, []program.Step) {
	owed := d.Record.Owed()
	for _, duty := range d.Record.Duties {
		if way := duty.Way(owed); len(way) > 0 {
			return duty, way
		}
	}
	return nil, nil
}

// way says how far a duty is from being done: courses and lesson periods.
func (d MineData) way(ctx context.Context, way []program.Step) string {
	minutes := 0
	for _, step := range way {
		minutes += step.Minutes
	}
	return text.T(ctx, "program.way", len(way), periods(ctx, minutes))
}

// ExternalData is the form for a certificate of another platform.
type ExternalData struct {
	ID                                        string // made where the form was drawn
	Title, Issuer, Number, Day, Periods, Link string // as typed
	Course                                    string
	Courses                                   []Choice
	Errors                                    map[string]string
}

// Choice is a line of a list to choose from.
type Choice struct {
	ID, Title string
	Chosen    bool
	Order     string // where it comes, as typed
}

// BoardData is how a unit stands.
type BoardData struct {
	Board   *program.Board
	Path    []*org.Unit
	Own     *program.Record // the viewer's
	Head    string          // who answers for the unit, with the position; "" for nobody
	Only    *uuid.UUID      // one programme
	State   program.State   // "" for who is late or near
	Rows    []*program.Row  // one page
	From    int64
	More    bool
	MayRule bool
	MayMake bool
	Today   time.Time
	Printed time.Time
}

// parent names the unit above, as official papers do over who issues them.
func (d BoardData) parent() string {
	if n := len(d.Path); n > 1 {
		return d.Path[n-2].Name
	}
	return ""
}

// signer is the position of who signs a report, headName their name.
func (d BoardData) signer(ctx context.Context) string {
	if _, position, ok := strings.Cut(d.Head, ", "); ok {
		return position
	}
	return text.T(ctx, "program.report_sign")
}

func (d BoardData) headName() string {
	name, _, _ := strings.Cut(d.Head, ", ")
	return name
}

// PageRows is how many people one page lists.
const PageRows = 20

func (d BoardData) total() program.Counts { return d.Board.Total(d.Only) }

// link is the page with other choices.
func (d BoardData) link(only *uuid.UUID, state program.State, from int64) string {
	var parts []string
	if only != nil {
		parts = append(parts, "program="+only.String())
	}
	if state != "" {
		parts = append(parts, "state="+string(state))
	}
	if from > 0 {
		parts = append(parts, "from="+strconv.FormatInt(from, 10))
	}
	return d.path("") + query(parts)
}

func (d BoardData) path(more string) string { return "/programs/at/" + d.Board.Unit.Code + more }

// asked is the path of something that keeps the chosen programme.
func (d BoardData) asked(more string) string {
	if d.Only == nil {
		return d.path(more)
	}
	return d.path(more) + "?program=" + d.Only.String()
}

func query(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return "?" + strings.Join(parts, "&")
}

func (d BoardData) chosen() string {
	for _, line := range d.Board.Programs {
		if d.Only != nil && line.ProgramID == *d.Only {
			return line.Title
		}
	}
	return ""
}

func (d BoardData) chart(size component.Size) component.Chart {
	labels := make([]string, len(d.Board.Days))
	required, completed, behind := make([]int64, len(labels)), make([]int64, len(labels)), make([]int64, len(labels))
	for i, day := range d.Board.Days {
		labels[i] = i18n.Day(day.Day)
		required[i], completed[i], behind[i] = int64(day.Required), int64(day.Completed), int64(day.Behind)
	}
	return component.NewChart(size, labels, component.Series{Name: "enrolled", Values: required}, component.Series{Name: "passed", Values: completed})
}

// CaseData is one person in one programme.
type CaseData struct {
	Case    *program.Case
	Titles  Titles
	Slugs   map[uuid.UUID]string
	MayRule bool
	Today   time.Time
	// As typed, when it was wrong.
	Until, DueOn, ExtendReason, ExemptReason string
	Errors                                   map[string]string // "extend_due_on", "exempt_reason" …
}

// ListData is every programme that the viewer makes.
type ListData struct{ Programs []*program.Program }

// FormData is the form of a definition, as typed.
type FormData struct {
	Program                                                  *program.Program // nil for a new one
	Title, Summary, DecisionNumber, DecisionDate             string
	FileID, FileName                                         string
	Need, Tiet, DueOn, DueDays, Newcomer, DueSoon            string
	ValidFor, RenewAhead, Before, After, Escalate, Positions string
	From, To                                                 string
	Ordered, Heads, Record                                   bool
	Rhythm                                                   program.Rhythm
	Owner                                                    string // code
	Owners                                                   []*org.Choice
	Courses, Units, Except, Done, NotDone                    []Choice
	Roles                                                    map[identity.Role]bool
	Errors                                                   map[string]string
	Conflict                                                 bool   // somebody else changed it meanwhile
	Names                                                    string // of programmes that stand in the way
	Today                                                    time.Time
}

// Roles are those that a rule can ask for.
var Roles = []identity.Role{identity.Official, identity.UnitHead, identity.Coordinator, identity.TeamMember, identity.Editor, identity.ProvinceAdmin, identity.Operator, identity.Resident}

// WaitingData is the list of certificates to decide on.
type WaitingData struct {
	Externals []*program.External
	Courses   []Choice
	Viewer    uuid.UUID
	Failed    uuid.UUID // the one whose form was wrong
	Answer    string    // as typed
	Errors    map[string]string
}

func date(t *time.Time) string {
	if t == nil {
		return ""
	}
	return i18n.Date(*t)
}

// Input is a day as a form wants it.
func Input(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}

// due says how far a deadline is.
func due(ctx context.Context, a *program.Assignment, today time.Time) string {
	if a.DueOn == nil {
		return text.T(ctx, "program.no_deadline")
	}
	days := int(a.DueOn.Sub(today).Hours() / 24)
	switch {
	case !a.State.Open():
		return text.T(ctx, "program.due_on", date(a.DueOn))
	case days < 0:
		return text.T(ctx, "program.days_late", date(a.DueOn), -days)
	case days == 0:
		return text.T(ctx, "program.due_today", date(a.DueOn))
	}
	return text.T(ctx, "program.days_left", date(a.DueOn), days)
}

// tone is the colour of a state, beside its words.
func tone(state program.State) string {
	switch {
	case state.Behind():
		return "tone-bad"
	case state == program.DueSoon, state == program.Expiring:
		return "tone-warn"
	case state == program.Completed:
		return "tone-good"
	}
	return "tone-plain"
}

// periods writes minutes as lesson periods.
func periods(ctx context.Context, minutes int) string {
	return i18n.Decimal(ctx, float64(minutes)/program.MinutesPerTiet)
}

func whole(n int) string { return strconv.Itoa(n) }

func percent(ctx context.Context, c program.Counts) string {
	if c.Percent() < 0 {
		return "–"
	}
	return fmt.Sprintf("%d%%", c.Percent())
}

// ago says how a unit stood, and how far it has come since: "40% (+12)".
func ago(unit program.UnitLine) string {
	if unit.Ago == nil || unit.Counts.Percent() < 0 {
		return "–"
	}
	return fmt.Sprintf("%d%% (%+d)", unit.Ago.Percent(), unit.Counts.Percent()-unit.Ago.Percent())
}

func (d FormData) err(field string) string { return d.Errors[field] }

// late is what is wrong with the deadline: also that it has passed, which does
// not keep anybody from publishing but wants to be seen.
func (d FormData) late() string {
	due, err := time.Parse(time.DateOnly, d.DueOn)
	if wrong := d.err("due_on"); wrong != "" || err != nil || d.Rhythm == program.Yearly || !due.Before(d.Today) {
		return wrong
	}
	return "program.due_passed"
}

func (d FormData) action() string {
	if d.Program == nil {
		return "/programs"
	}
	return "/programs/" + d.Program.ID.String()
}
