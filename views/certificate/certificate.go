// Package certificate shows records of completion: to whoever checks a paper,
// to holders, to those who look after them, and to who decides how they look.
package certificate

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"hocso/internal/certificate"
	"hocso/internal/org"
	"hocso/internal/platform/i18n"
	"hocso/internal/platform/shortcode"
	"hocso/views/text"
)

// VerifyData is the page on which everybody checks a paper.
type VerifyData struct {
	Typed   string
	Reading shortcode.Reading
	Missing bool // there is no record of the code
	Record  *certificate.Record
	Today   time.Time
}

// wrong says what is wrong with the code as it was typed, "" when nothing is.
func (d VerifyData) wrong(ctx context.Context) string {
	r := d.Reading
	switch {
	case d.Missing:
		return text.T(ctx, "certificate.code_missing", shortcode.Show(r.Code))
	case r.Problem == shortcode.TooShort, r.Problem == shortcode.TooLong:
		return text.T(ctx, "certificate.code_length", shortcode.Length, r.Signs)
	case r.Problem == shortcode.Alien:
		return text.T(ctx, "certificate.code_alien", r.Position, r.Sign)
	case r.Problem == shortcode.Mistyped && len(r.Likely) > 0:
		return text.T(ctx, "certificate.code_mistyped")
	case r.Problem == shortcode.Mistyped:
		return text.T(ctx, "certificate.code_wrong")
	case r.Problem == shortcode.Empty && d.Typed != "":
		return text.T(ctx, "certificate.code_empty")
	}
	return ""
}

// slip says what of a code was probably mistyped.
func slip(ctx context.Context, l shortcode.Likely) string {
	if l.Swapped {
		return text.T(ctx, "certificate.slip_swapped", l.Position, l.Position+1)
	}
	return text.T(ctx, "certificate.slip_sign", l.Position, string(l.Code[l.Position-1]))
}

// MineData is a person's own records.
type MineData struct {
	Records []*certificate.Record
	Site    string // address under which people reach us
	Digital bool   // whether they may download records signed, for software to verify
	Paper   bool   // records are not signed here
	Today   time.Time
}

// RecordData is one record as those see it who look after its holder.
type RecordData struct {
	Record  *certificate.Record
	Link    string
	MayKeep bool
	Today   time.Time

	// What a form sent in vain.
	Reason certificate.Reason
	Note   string
	Errors map[string]string // field → catalogue key
}

// mayReissue tells whether a new record may take this one's place.
func (d RecordData) mayReissue() bool {
	switch d.Record.State(d.Today) {
	case certificate.Valid, certificate.Expired:
		return true
	case certificate.Revoked:
		return d.Record.Reason != certificate.Corrected
	}
	return false
}

// counts tells whether there is something to print and to revoke.
func (d RecordData) counts() bool {
	state := d.Record.State(d.Today)
	return state == certificate.Valid || state == certificate.Expired
}

// ListData is the records of a unit, to print.
type ListData struct {
	Choices  []*org.Choice
	Unit     *org.Unit // nil until one is chosen
	Fors     []Choice  // courses and programmes
	From, To string    // days as forms send them
	Records  []*certificate.Record
	More     bool // there are more than fit into one file
	ID       uuid.UUID
	Error    string // catalogue key, or ""
	Printed  time.Time
	Today    time.Time
	Query    string // of this page's address
	Template bool   // the viewer decides how records look
}

// Choice is a line of a list.
type Choice struct {
	Value, Title string
	Chosen       bool
}

// For is what the list is narrowed to, "" for everything.
func (d ListData) For() string {
	for _, choice := range d.Fors {
		if choice.Chosen {
			return choice.Title
		}
	}
	return ""
}

// PrintData is a file of many records that is being made.
type PrintData struct {
	Print *certificate.Print
}

// TemplateData is what a province's records look like, to change.
type TemplateData struct {
	Province *org.Unit
	Form     TemplateForm
	Errors   map[string]string // field → catalogue key
	Conflict bool
	History  []*certificate.Template
}

// TemplateForm is a design as typed into a form.
type TemplateForm struct {
	Revision                                  int
	Heading                                   [2]string
	Body, Place, Signatory, Position, Closing string
	Accent                                    certificate.Accent
	Frame                                     certificate.Frame
	LogoID                                    *uuid.UUID
	Bare                                      bool // without the logo that is there
}

// FormOf fills the form with a template.
func FormOf(t *certificate.Template) TemplateForm {
	d := t.Design
	form := TemplateForm{
		Revision: t.Revision, Body: d.Body, Place: d.Place, Signatory: d.Signatory, Position: d.Position, Closing: d.Closing,
		Accent: d.Accent, Frame: d.Frame, LogoID: d.LogoID,
	}
	copy(form.Heading[:], d.Heading)
	return form
}

// Design is what the form says.
func (f TemplateForm) Design() certificate.Design {
	d := certificate.Design{
		Heading: f.Heading[:], Body: f.Body, Place: f.Place, Signatory: f.Signatory, Position: f.Position, Closing: f.Closing,
		Accent: f.Accent, Frame: f.Frame, LogoID: f.LogoID,
	}
	if f.Bare {
		d.LogoID = nil
	}
	return d
}

func tone(state certificate.State) string {
	switch state {
	case certificate.Valid:
		return "tone-good"
	case certificate.Expired, certificate.Superseded:
		return "tone-warn"
	case certificate.Revoked:
		return "tone-bad"
	}
	return "tone-plain"
}

func noticeTone(state certificate.State) string {
	switch state {
	case certificate.Valid:
		return "notice-good"
	case certificate.Revoked:
		return "notice-bad"
	}
	return "notice-warn"
}

func day(d time.Time) string { return d.Format("02/01/2006") }

// length writes how long it took: "2,5 tiết (112 phút)".
func length(ctx context.Context, r *certificate.Record) string {
	return text.T(ctx, "certificate.length", i18n.Decimal(ctx, r.Facts.Tiet()), r.Facts.Minutes)
}

func path(r *certificate.Record, below string) string {
	return "/certificates/" + r.ID.String() + below
}

func year(r *certificate.Record) string { return strconv.Itoa(r.Facts.Year) }

func historyLine(ctx context.Context, t *certificate.Template) string {
	if t.MaderName == "" {
		return text.T(ctx, "certificate.first_template", i18n.Date(t.MadeAt))
	}
	return text.T(ctx, "certificate.template_by", i18n.Date(t.MadeAt), t.MaderName)
}

func pages(p *certificate.Print) string { return fmt.Sprint(len(p.Records)) }

func (d ListData) code() string {
	if d.Unit == nil {
		return ""
	}
	return d.Unit.Code
}
