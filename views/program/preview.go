package program

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"hocso/internal/platform/i18n"
	"hocso/internal/program"
	"hocso/views/text"
)

// PreviewData is what publishing would do.
type PreviewData struct {
	Program    *program.Program
	Preview    *program.Preview
	Group      program.Group
	Candidates []program.Candidate // some of the group
	From       int
	Titles     Titles
	Units      Titles
	Wrong      bool // the number that was confirmed is not the number of people
}

// PreviewRows is how many people a page of a preview names.
const PreviewRows = 50

// HistoryData is what a programme said.
type HistoryData struct {
	Program   *program.Program
	Revisions []*program.Revision
	Titles    Titles
	Units     Titles
}

func (d PreviewData) path(more string) string { return "/programs/" + d.Program.ID.String() + more }

// group is the page of one group, from somebody on.
func (d PreviewData) group(group program.Group, from int) string {
	return d.path("/preview") + query([]string{"group=" + string(group), "from=" + strconv.Itoa(from)}) + "#ai"
}

func (d PreviewData) warning(ctx context.Context, warning program.Warning) string {
	number := func(n int) string { return i18n.Number(ctx, int64(n)) }
	switch warning {
	case program.WarnPast:
		return text.T(ctx, "program.warn_past", date(d.Program.Latest().DueOn))
	case program.WarnLate:
		return text.T(ctx, "program.warn_late", number(d.Preview.Late))
	case program.WarnLeaving:
		return text.T(ctx, "program.warn_leaving", number(d.Preview.Leaves))
	case program.WarnNobody:
		return text.T(ctx, "program.warn_nobody")
	}
	return text.T(ctx, "program.warn_everybody", number(d.Preview.People))
}

func (d PreviewData) wrong() string {
	if d.Wrong {
		return "program.confirm_number"
	}
	return ""
}

// clauses says whom a rule is for, a sentence for each clause.
func clauses(ctx context.Context, r *program.Rule, titles, units Titles) []string {
	var all []string
	say := func(key string, names []string) {
		if len(names) > 0 {
			all = append(all, text.T(ctx, "program.clause_"+key, strings.Join(names, ", ")))
		}
	}
	var roles []string
	for _, role := range r.Roles {
		roles = append(roles, text.T(ctx, "role."+string(role)))
	}
	say("roles", roles)
	say("units", named(r.Units, units))
	say("except", named(r.Except, units))
	say("positions", r.Positions)
	if r.Heads {
		all = append(all, text.T(ctx, "program.heads"))
	}
	if r.From != nil {
		say("from", []string{i18n.Date(*r.From)})
	}
	if r.To != nil {
		say("to", []string{i18n.Date(*r.To)})
	}
	say("done", titles.all(r.Done))
	say("not_done", titles.all(r.NotDone))
	if len(all) == 0 {
		all = []string{text.T(ctx, "program.clause_none")}
	}
	return all
}

func named(ids []uuid.UUID, names Titles) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = names[id]
	}
	return list
}

func (t Titles) all(refs []program.Ref) []string {
	list := make([]string, len(refs))
	for i, ref := range refs {
		list[i] = t.of(ref)
	}
	return list
}

func (t Titles) of(ref program.Ref) string {
	if ref.Program != nil {
		return t[*ref.Program]
	}
	return t[*ref.Course]
}

// because says why a rule found somebody.
func because(ctx context.Context, b program.Because, titles, units Titles) string {
	switch b.Clause {
	case "asleep", "lacks_position", "lacks_role", "lacks_home":
		return text.T(ctx, "program.because_"+b.Clause)
	case "role":
		return text.T(ctx, "program.because_role", text.T(ctx, "role."+string(b.Role)), units[b.Unit])
	case "head", "position":
		return text.T(ctx, "program.because_"+b.Clause, b.Text, units[b.Unit])
	case "appointed":
		return text.T(ctx, "program.because_appointed", i18n.Date(b.Day))
	case "home":
		return text.T(ctx, "program.because_home", units[b.Unit])
	}
	return text.T(ctx, "program.because_"+b.Clause, titles.of(b.Ref))
}
