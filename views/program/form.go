package program

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/program"
)

// FormOf writes a definition as its form shows it.
func FormOf(d *program.Definition) FormData {
	f := FormData{
		Title: d.Title, Summary: d.Summary, DecisionNumber: d.Decision.Number, DecisionDate: Input(d.Decision.Date),
		Need: number(d.Need), Tiet: number(d.Tiet), DueOn: Input(d.DueOn), DueDays: number(d.DueDays), Newcomer: number(d.Newcomer), DueSoon: number(d.DueSoon),
		ValidFor: number(d.ValidFor), RenewAhead: number(d.RenewAhead), Before: days(d.Remind.Before), After: days(d.Remind.After), Escalate: number(d.Remind.Escalate),
		Positions: strings.Join(d.Audience.Positions, "\n"), From: Input(d.Audience.From), To: Input(d.Audience.To),
		Ordered: d.Ordered, Heads: d.Audience.Heads, Record: d.Record, Rhythm: d.Rhythm, Roles: map[identity.Role]bool{},
		Units: chosen(d.Audience.Units), Except: chosen(d.Audience.Except), Done: refs(d.Audience.Done), NotDone: refs(d.Audience.NotDone),
	}
	if d.Decision.FileID != nil {
		f.FileID = d.Decision.FileID.String()
	}
	for _, role := range d.Audience.Roles {
		f.Roles[role] = true
	}
	for i, id := range d.Courses {
		f.Courses = append(f.Courses, Choice{ID: id.String(), Chosen: true, Order: strconv.Itoa(i + 1)})
	}
	return f
}

// number writes a number; nothing for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func days(list []int) string {
	words := make([]string, len(list))
	for i, d := range list {
		words[i] = strconv.Itoa(d)
	}
	return strings.Join(words, ", ")
}

func chosen(ids []uuid.UUID) []Choice {
	list := make([]Choice, len(ids))
	for i, id := range ids {
		list[i] = Choice{ID: id.String(), Chosen: true}
	}
	return list
}

// refs name courses and programmes as "course:<id>" and "program:<id>".
func refs(list []program.Ref) []Choice {
	var choices []Choice
	for _, ref := range list {
		if ref.Course != nil {
			choices = append(choices, Choice{ID: "course:" + ref.Course.String(), Chosen: true})
		} else if ref.Program != nil {
			choices = append(choices, Choice{ID: "program:" + ref.Program.String(), Chosen: true})
		}
	}
	return choices
}

// ReadForm reads what was typed; values gives all values of a field.
func ReadForm(values func(string) []string) FormData {
	one := func(name string) string {
		if all := values(name); len(all) > 0 {
			return strings.TrimSpace(all[0])
		}
		return ""
	}
	many := func(name string) []Choice {
		var list []Choice
		for _, id := range values(name) {
			list = append(list, Choice{ID: id, Chosen: true, Order: one("order_" + id)})
		}
		return list
	}
	f := FormData{
		Title: one("title"), Summary: one("summary"), Owner: one("owner"), DecisionNumber: one("decision_number"), DecisionDate: one("decision_date"), FileID: one("file_id"),
		Need: one("need"), Tiet: one("tiet"), DueOn: one("due_on"), DueDays: one("due_days"), Newcomer: one("newcomer"), DueSoon: one("due_soon"),
		ValidFor: one("valid_for"), RenewAhead: one("renew_ahead"), Before: one("remind_before"), After: one("remind_after"), Escalate: one("escalate"),
		Positions: one("positions"), From: one("from"), To: one("to"),
		Ordered: one("ordered") != "", Heads: one("heads") != "", Record: one("record") != "", Rhythm: program.Rhythm(one("rhythm")), Roles: map[identity.Role]bool{},
		Courses: many("course"), Units: many("units"), Except: many("except"), Done: many("done"), NotDone: many("not_done"),
	}
	for _, role := range values("role") {
		f.Roles[identity.Role(role)] = true
	}
	return f
}

// reader turns typed text into values and gathers what is wrong.
type reader struct{ wrong map[string]string }

func (r *reader) number(field, typed string) int {
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		r.wrong[field] = "program.number_wrong"
	}
	return n
}

func (r *reader) day(field, typed string) *time.Time {
	if typed == "" {
		return nil
	}
	d, err := time.Parse(time.DateOnly, typed)
	if err != nil {
		r.wrong[field] = "program.day_wrong"
		return nil
	}
	return &d
}

func (r *reader) days(field, typed string) []int {
	list := []int{}
	for _, word := range strings.FieldsFunc(typed, func(c rune) bool { return c == ',' || c == ';' || c == ' ' }) {
		list = append(list, r.number(field, word))
	}
	return list
}

func (r *reader) ids(field string, list []Choice) []uuid.UUID {
	var ids []uuid.UUID
	for _, choice := range list {
		id, err := uuid.Parse(choice.ID)
		if err != nil {
			r.wrong[field] = "program.choice_wrong"
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

func (r *reader) refs(field string, list []Choice) []program.Ref {
	var found []program.Ref
	for _, choice := range list {
		kind, rest, _ := strings.Cut(choice.ID, ":")
		id, err := uuid.Parse(rest)
		switch {
		case err != nil:
			r.wrong[field] = "program.choice_wrong"
		case kind == "course":
			found = append(found, program.Ref{Course: &id})
		default:
			found = append(found, program.Ref{Program: &id})
		}
	}
	return found
}

// Definition is what the form describes; Invalid names the fields that can't
// be read. Whether it makes sense is for package program to say.
func (d FormData) Definition() (*program.Definition, error) {
	r := &reader{wrong: map[string]string{}}
	courses := slices.Clone(d.Courses)
	slices.SortStableFunc(courses, func(a, b Choice) int { return cmp.Compare(place(a.Order), place(b.Order)) })
	definition := &program.Definition{
		Title: d.Title, Summary: d.Summary, Decision: program.Decision{Number: d.DecisionNumber, Date: r.day("decision_date", d.DecisionDate)},
		Courses: r.ids("courses", courses), Need: r.number("need", d.Need), Ordered: d.Ordered, Tiet: r.number("tiet", d.Tiet),
		DueOn: r.day("due_on", d.DueOn), DueDays: r.number("due_days", d.DueDays), Newcomer: r.number("newcomer", d.Newcomer), DueSoon: r.number("due_soon", d.DueSoon),
		Rhythm: d.Rhythm, Record: d.Record,
		Remind: program.Reminders{Before: r.days("remind_before", d.Before), After: r.days("remind_after", d.After), Escalate: r.number("escalate", d.Escalate)},
		Audience: program.Rule{
			Units: r.ids("units", d.Units), Except: r.ids("except", d.Except), Heads: d.Heads, From: r.day("appointed_from", d.From), To: r.day("appointed_to", d.To),
			Done: r.refs("done", d.Done), NotDone: r.refs("not_done", d.NotDone),
		},
	}
	if !slices.Contains(program.Rhythms, definition.Rhythm) {
		definition.Rhythm = program.Once
	}
	if definition.Rhythm == program.Renew {
		definition.ValidFor, definition.RenewAhead = r.number("valid_for", d.ValidFor), r.number("renew_ahead", d.RenewAhead)
	}
	for _, role := range identity.Roles {
		if d.Roles[role] {
			definition.Audience.Roles = append(definition.Audience.Roles, role)
		}
	}
	for line := range strings.Lines(d.Positions) {
		if line = strings.TrimSpace(line); line != "" {
			definition.Audience.Positions = append(definition.Audience.Positions, line)
		}
	}
	if id, err := uuid.Parse(d.FileID); err == nil {
		definition.Decision.FileID = &id
	}
	if len(r.wrong) > 0 {
		return nil, fault.InvalidFields(r.wrong)
	}
	return definition, nil
}

// place is where a course comes; without a number it comes last.
func place(order string) int {
	n, err := strconv.Atoi(order)
	if err != nil {
		return 1000
	}
	return n
}

// Offer fills in what can be chosen, keeping what is.
func (d *FormData) Offer(shelf []*course.Version, units []*org.Choice, programs []*program.Program) {
	var courses, places, things []Choice
	for _, version := range shelf {
		courses = append(courses, Choice{ID: version.CourseID.String(), Title: version.Title})
		things = append(things, Choice{ID: "course:" + version.CourseID.String(), Title: version.Title})
	}
	for _, unit := range units {
		places = append(places, Choice{ID: unit.ID.String(), Title: unit.Name})
	}
	for _, p := range programs {
		if p.State == program.Published && (d.Program == nil || d.Program.ID != p.ID) {
			things = append(things, Choice{ID: "program:" + p.ID.String(), Title: p.Definition.Title})
		}
	}
	d.Courses, d.Units, d.Except = keep(courses, d.Courses), keep(places, d.Units), keep(places, d.Except)
	d.Done, d.NotDone = keep(things, d.Done), keep(things, d.NotDone)
}

// keep marks those of the offers that were chosen before.
func keep(offers, before []Choice) []Choice {
	all := slices.Clone(offers)
	for i := range all {
		for _, choice := range before {
			if choice.ID == all[i].ID {
				all[i].Chosen, all[i].Order = true, choice.Order
			}
		}
	}
	return all
}
