package practice

import (
	"cmp"
	"context"
	"slices"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Total counts the graded runs of a scenario that came to one outcome. It
// tells of nobody: a run stays counted when its learner is forgotten.
type Total struct {
	bun.BaseModel `bun:"table:practice_totals,alias:pt"`

	Scenario string  `bun:",pk"`
	Honest   bool    `bun:",pk"` // of the variant
	Outcome  Outcome `bun:",pk"`
	Runs     int
}

// Wariness is how a scam drill goes: Missed of Scams were not noticed, False
// of Honest were refused though nobody cheated.
type Wariness struct {
	Scenario      string
	Scams, Missed int
	Honest, False int
}

// addUp counts graded runs, in the order of the primary key, so that two
// workers who write them do not wait in a circle.
func addUp(runs []*Run, honest func(*Run) bool) []*Total {
	counts := map[Total]int{}
	for _, run := range runs {
		if run.State == Graded {
			counts[Total{Scenario: run.Scenario, Honest: honest(run), Outcome: *run.Outcome}]++
		}
	}
	totals := make([]*Total, 0, len(counts))
	for total, count := range counts {
		total.Runs = count
		totals = append(totals, &total)
	}
	slices.SortFunc(totals, func(a, b *Total) int {
		return cmp.Or(cmp.Compare(a.Scenario, b.Scenario), cmp.Compare(rank(a.Honest), rank(b.Honest)), cmp.Compare(a.Outcome, b.Outcome))
	})
	return totals
}

func rank(honest bool) int {
	if honest {
		return 1
	}
	return 0
}

// AddTotals adds counts to what is there.
func (s *Store) AddTotals(ctx context.Context, totals []*Total) error {
	if len(totals) == 0 {
		return nil
	}
	_, err := s.db.NewInsert().Model(&totals).On("CONFLICT (scenario, honest, outcome) DO UPDATE").Set("runs = pt.runs + excluded.runs").Exec(ctx)
	return postgres.Wrap(err, "add practice totals")
}

// Wariness lists how scam drills go, by scenario.
func (s *Store) Wariness(ctx context.Context) ([]Wariness, error) {
	var all []Wariness
	err := s.db.NewRaw(`
		SELECT pt.scenario,
			coalesce(sum(runs) FILTER (WHERE NOT honest), 0) AS scams, coalesce(sum(runs) FILTER (WHERE NOT honest AND outcome = 'caught'), 0) AS missed,
			coalesce(sum(runs) FILTER (WHERE honest), 0) AS honest, coalesce(sum(runs) FILTER (WHERE honest AND outcome = 'alarmed'), 0) AS false
		FROM practice_totals pt JOIN scenarios sc ON sc.slug = pt.scenario JOIN scenario_versions sv ON sv.id = sc.version_id
		WHERE sv.drill GROUP BY pt.scenario, sc.position ORDER BY sc.position`).Scan(ctx, &all)
	return all, postgres.Wrap(err, "how scam drills go")
}
