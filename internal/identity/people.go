package identity

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/org"
	"hocso/internal/platform/postgres"
)

// Listed is a person as lists and their own page show them.
type Listed struct {
	Person   `bun:",extend"`
	Unit     string // name of where they live or work
	UnitCode string //
	Roles    []Role `bun:",array"` // that hold now, each once
	Position string // "" for who holds none
}

// Filter narrows a list of people.
type Filter struct {
	Typed     string    // part of a name without diacritics, of a phone number, or a code
	Unit      uuid.UUID // and everything below it; uuid.Nil for the whole scope
	Role      Role      // "" for any
	Suspended bool      // only those; else only the others
	After     string    // cursor of the last person of the page before, "" for the first page
}

// PageOfPeople is how many people one page shows.
const PageOfPeople = 50

// People lists registered people of a scope by folded name; next is the cursor
// of the following page, "" at the end.
func (s *Store) People(ctx context.Context, scope org.Scope, f Filter) (people []*Listed, next string, err error) {
	query := listed(s.db.NewSelect().Model(&people)).Where("p.registered_at IS NOT NULL").Where("p.merged_into IS NULL").Where("p.erased_at IS NULL").
		OrderExpr("p.search, p.id").Limit(PageOfPeople + 1)
	query = f.narrow(scope.Holds(query, "p.home_unit_id"))
	if err := query.Scan(ctx); err != nil {
		return nil, "", postgres.Wrap(err, "people")
	}
	if len(people) > PageOfPeople {
		people = people[:PageOfPeople]
		last := people[PageOfPeople-1]
		next = last.ID.String() + last.Search
	}
	return people, next, nil
}

// narrow adds the filter's conditions to a query of people p.
func (f Filter) narrow(query *bun.SelectQuery) *bun.SelectQuery {
	if f.Suspended {
		query = query.Where("p.suspended_at IS NOT NULL")
	} else {
		query = query.Where("p.suspended_at IS NULL")
	}
	if f.Unit != uuid.Nil {
		query = org.Scope{Units: []uuid.UUID{f.Unit}}.Holds(query, "p.home_unit_id")
	}
	if f.Role != "" {
		query = query.Where("EXISTS (SELECT FROM role_grants rg WHERE rg.person_id = p.id AND rg.role = ? AND "+holdsNow("rg")+")", f.Role)
	}
	if typed := org.Fold(f.Typed); typed != "" {
		digits := strings.ReplaceAll(typed, " ", "")
		query = query.Where("p.search LIKE ? OR p.phone LIKE ? OR lower(p.code) = ? OR lower(p.staff_code) = ?", "%"+typed+"%", digits+"%", digits, digits)
	}
	if len(f.After) > 36 {
		query = query.Where("(p.search, p.id) > (?, ?::uuid)", f.After[36:], f.After[:36])
	}
	return query
}

// holdsNow is the condition on role_grants that a role holds.
func holdsNow(table string) string {
	return strings.ReplaceAll("(g.starts_at <= now() AND (g.ends_at IS NULL OR g.ends_at > now()))", "g.", table+".")
}

// listed adds to a query of people p what Listed shows.
func listed(query *bun.SelectQuery) *bun.SelectQuery {
	return query.ColumnExpr("p.*").ColumnExpr("u.name AS unit, u.code AS unit_code").
		ColumnExpr(`ARRAY(SELECT DISTINCT rg.role FROM role_grants rg WHERE rg.person_id = p.id AND ` + holdsNow("rg") + `) AS roles`).
		ColumnExpr(`coalesce((SELECT ap.position FROM appointments ap WHERE ap.person_id = p.id AND ap.ends_on IS NULL
			ORDER BY ap.head DESC, ap.starts_on LIMIT 1), '') AS position`).
		Join("JOIN units AS u ON u.id = p.home_unit_id")
}

// Count tells how many people of a scope a filter finds, at most up to.
func (s *Store) Count(ctx context.Context, scope org.Scope, f Filter, upTo int) (int, error) {
	f.After = ""
	inner := s.db.NewSelect().TableExpr("people AS p").ColumnExpr("1").
		Where("p.registered_at IS NOT NULL").Where("p.merged_into IS NULL").Where("p.erased_at IS NULL").Limit(int64(upTo))
	var count int
	err := s.db.NewSelect().ColumnExpr("count(*)").TableExpr("(?) AS found", f.narrow(scope.Holds(inner, "p.home_unit_id"))).Scan(ctx, &count)
	return count, postgres.Wrap(err, "count people")
}

// PersonIn reads a registered person who lives or works in a scope; anybody
// else is not found.
func (s *Store) PersonIn(ctx context.Context, scope org.Scope, id uuid.UUID) (*Listed, error) {
	person := new(Listed)
	query := listed(s.db.NewSelect().Model(person)).Where("p.id = ?", id).Where("p.registered_at IS NOT NULL").Where("p.erased_at IS NULL")
	err := scope.Holds(query, "p.home_unit_id").Scan(ctx)
	return person, postgres.Wrap(err, "person in scope")
}

// PeopleIn reads those of the people with the ids who live or work in a scope, by folded name.
func (s *Store) PeopleIn(ctx context.Context, scope org.Scope, ids []uuid.UUID) ([]*Listed, error) {
	var people []*Listed
	if len(ids) == 0 {
		return nil, nil
	}
	query := listed(s.db.NewSelect().Model(&people)).Where("p.id IN (?)", bun.List(ids)).
		Where("p.registered_at IS NOT NULL").Where("p.erased_at IS NULL").Where("p.merged_into IS NULL").OrderExpr("p.search, p.id")
	err := scope.Holds(query, "p.home_unit_id").Scan(ctx)
	return people, postgres.Wrap(err, "people in scope")
}

// Person reads a person for themselves; whoever looks at others asks PersonIn.
func (s *Store) Person(ctx context.Context, id uuid.UUID) (*Person, error) {
	person := new(Person)
	err := s.db.NewSelect().Model(person).Where("p.id = ?", id).Scan(ctx)
	return person, postgres.Wrap(err, "person")
}
