package postgres_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
	"hocso/internal/platform/testkit"
)

// word stands for the kinds of text that models have.
type word string

type copied struct {
	bun.BaseModel `bun:"table:copied"`

	ID    uuid.UUID `bun:",pk,type:uuid"`
	Word  word
	Count int
	Day   time.Time  `bun:",type:date"`
	Maybe *time.Time `bun:",type:date"`
	At    time.Time
	List  []word `bun:",type:jsonb"`
}

// TestCopy: what is copied reads as what an INSERT writes, belongs to its
// transaction, and is written whole or not at all.
func TestCopy(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, err := postgres.OpenOwner(ctx, testkit.DatabaseURL(t))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	_, err = db.NewCreateTable().Model((*copied)(nil)).Exec(ctx)
	must(t, err)
	day, at := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 27, 16, 59, 59, 123456000, time.UTC)
	rows := make([]*copied, 3000)
	for i := range rows {
		rows[i] = &copied{ID: uuid.Must(uuid.NewV7()), Word: "chữ\t\n\\N?", Count: i, Day: day, At: at, List: []word{"một", "hai"}}
		if i%2 == 0 {
			rows[i].Maybe, rows[i].List = &day, []word{}
		}
	}
	copying := func(rows []*copied, after error) error {
		return postgres.RunInTx(ctx, db, func(ctx context.Context, tx postgres.Tx) error {
			if err := tx.Copy(ctx, rows); err != nil {
				return err
			}
			return after
		})
	}
	count := func() int64 {
		n, err := db.NewSelect().Model((*copied)(nil)).Count(ctx)
		must(t, err)
		return n
	}
	stop := errors.New("stop")
	if err := copying(rows, stop); !errors.Is(err, stop) || count() != 0 {
		t.Errorf("rolled back: %v, %d rows are left", err, count())
	}
	if err := copying(append(rows[:2999:2999], rows[0]), nil); err == nil || count() != 0 {
		t.Errorf("an id twice: %v, %d rows are left", err, count())
	}
	short, cancel := context.WithCancel(ctx)
	err = postgres.RunInTx(short, db, func(ctx context.Context, tx postgres.Tx) error {
		cancel()
		return tx.Copy(ctx, rows)
	})
	if err == nil || count() != 0 {
		t.Errorf("broken off: %v, %d rows are left", err, count())
	}
	must(t, copying(nil, nil))
	must(t, copying(rows, nil))
	var back []*copied
	must(t, db.NewSelect().Model(&back).Order("count").Scan(ctx))
	for i, got := range back {
		got.At = got.At.UTC()
		if !reflect.DeepEqual(got, rows[i]) {
			t.Fatalf("%+v, want %+v", got, rows[i])
		}
	}
	if len(back) != len(rows) {
		t.Errorf("%d rows, want %d", len(back), len(rows))
	}
}
