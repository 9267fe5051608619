package audit_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"hocso/internal/audit"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/testkit"
)

// TestTheLogIsOnlyAddedTo: whatever goes wrong in the program, its database
// role can't rewrite what was written.
func TestTheLogIsOnlyAddedTo(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	must(t, audit.NewStore(db).Add(t.Context(), audit.By{}, clock.System(), &audit.Entry{Action: audit.SignedIn}))
	for _, statement := range []string{
		"UPDATE audit_log SET action = 'x'",
		"UPDATE audit_log SET changes = '[]' WHERE FALSE",
		"DELETE FROM audit_log",
		"TRUNCATE audit_log",
		"ALTER TABLE audit_log ADD COLUMN x int",
		"ALTER TABLE audit_log OWNER TO hocso_app",
		"DROP TABLE audit_log",
		"CREATE RULE forget AS ON INSERT TO audit_log DO INSTEAD NOTHING",
		"CREATE TRIGGER forget BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
		"INSERT INTO audit_log (id, at, action, address) SELECT id, at, 'x', '' FROM audit_log ON CONFLICT (id) DO UPDATE SET action = 'x'",
		"MERGE INTO audit_log a USING audit_log b ON a.id = b.id WHEN MATCHED THEN DELETE",
		"INSERT INTO schema_migrations (name) VALUES ('x')",
	} {
		_, err := db.ExecContext(t.Context(), statement)
		if refusal := new(pgconn.PgError); !errors.As(err, &refusal) || refusal.Code != "42501" {
			t.Errorf("%s: %v, want 42501", statement, err)
		}
	}
	lines, _, err := audit.NewStore(db).Search(t.Context(), audit.Reach{Unplaced: true}, audit.Filter{})
	if err != nil || len(lines) != 1 || lines[0].Action != audit.SignedIn {
		t.Errorf("%v, %v", lines, err)
	}
}
