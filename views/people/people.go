// Package people shows people to those who look after them: lists, one person,
// registering, and cards to print.
package people

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/org"
	"hocso/internal/platform/i18n"
	"hocso/views/certificate"
	"hocso/views/text"
)

// ListData is what a list of people shows.
type ListData struct {
	Typed     string
	Unit      string // code, "" for all
	Role      identity.Role
	Suspended bool
	Choices   []*org.Choice
	People    []*identity.Listed
	Next      string // cursor of the next page, "" on the last one
	First     bool   // this is the first page
	Count     int
	CountMost int // Count stops here
	MayImport bool
}

// narrowed tells whether the list shows less than everybody.
func (d ListData) narrowed() bool {
	return d.Typed != "" || d.Unit != "" || d.Role != "" || d.Suspended
}

// count writes how many people there are, "10.000+" where counting stopped.
func (d ListData) count(ctx context.Context) string {
	if d.Count >= d.CountMost {
		return i18n.Number(ctx, int64(d.CountMost)) + "+"
	}
	return i18n.Number(ctx, int64(d.Count))
}

// Form is a person as typed into a form.
type Form struct {
	ID              uuid.UUID // made where the form is drawn
	Name, BirthYear string
	Phone, Unit     string // unit: a code
	PIN, PINAgain   string
	How             identity.How
	Witness         string
	Guardian        string
	Agreed          bool
}

// NewData is what the form for registering a resident shows.
type NewData struct {
	Form     Form
	Errors   map[string]string // field → catalogue key
	Suspects []*identity.Suspect
	Choices  []*org.Choice
}

// PersonData is what a person's page shows.
type PersonData struct {
	Person    *identity.Listed
	Grants    []*identity.Grant
	Positions []*identity.Appointment
	Card      *identity.Card // nil when they have none
	Consents  map[identity.Purpose]*identity.Consent
	Progress  []*course.Progress
	Records   *certificate.MineData // of completion; nil for readers who don't look after them
	Choices   []*org.Choice
	Grantable []identity.Role     // roles that the viewer may give
	Lendable  []identity.Grant    // the viewer's own roles that they may lend
	Twins     []*identity.Suspect // who may be the same person
	Merges    []*learner.Merge    // records that were merged into this one
	MayManage bool
	Self      bool // the viewer looks at themselves
	Today     time.Time
	Form      *Form             // what was sent in vain
	Errors    map[string]string // field → catalogue key
	NewPIN    string            // just made; shown this once
}

// form is what the form for corrections starts with.
func (d PersonData) form() Form {
	if d.Form != nil {
		return *d.Form
	}
	form := Form{Name: d.Person.FullName, Unit: d.Person.UnitCode, BirthYear: born(d.Person.BirthYear)}
	if d.Person.Phone != nil {
		form.Phone = *d.Person.Phone
	}
	return form
}

// resident tells whether the person is a resident and nothing else: those are
// helped and have cards.
func (d PersonData) resident() bool {
	for _, role := range d.Person.Roles {
		if role != identity.Resident {
			return false
		}
	}
	return d.Person.SuspendedAt == nil
}

// lastDay writes the last day on which a role holds, for a form.
func lastDay(end *time.Time) string {
	if end == nil {
		return ""
	}
	return i18n.Date(end.Add(-time.Second))
}

func born(year *int) string {
	if year == nil {
		return ""
	}
	return strconv.Itoa(*year)
}

// about is a line under a name: year of birth and where.
func about(ctx context.Context, year *int, unit string) string {
	if year == nil {
		return unit
	}
	return text.T(ctx, "people.born", *year) + " · " + unit
}

// phone writes ten digits for reading: "0905 123 456".
func phone(number *string) string {
	if number == nil || len(*number) != 10 {
		return ""
	}
	n := *number
	return n[:4] + " " + n[4:7] + " " + n[7:]
}

// CardsData is a sheet of cards to print. The addresses in them are known now
// and never again.
type CardsData struct {
	Cards []SheetCard
	Site  string // "hocso.danang.gov.vn"
}

// SheetCard is one card on a sheet.
type SheetCard struct {
	Name, Unit string
	Code       string // for typing: "ABCD-EFGH"
	QR         string // an inline SVG of our own making
}

// JoinCodesData is the codes of hamlets and classes.
type JoinCodesData struct {
	Codes   []*identity.JoinCode
	Choices []*org.Choice
	Lives   []time.Duration // how long a new one may last
	Site    string          // where people type them
	Errors  map[string]string
}

// lifeName writes how long a code lasts.
func lifeName(ctx context.Context, life time.Duration) string {
	if life < 24*time.Hour {
		return text.T(ctx, "join_code.hours", int(life.Hours()))
	}
	return text.T(ctx, "join_code.days", int(life.Hours())/24)
}
