package learner

import (
	"context"
	"regexp"
	"slices"
	"testing"

	"hocso/internal/platform/testkit"
)

// oneRecord finds queries written as if a person had one record.
var oneRecord = regexp.MustCompile(`=\s*\?0|\?0\s*=|\?0 IN`)

// TestEveryTableWithAPersonIsHandedOutAndErased holds the list of tables
// against the database: every column that refers to a person, or is named as
// if it did, has to be declared.
func TestEveryTableWithAPersonIsHandedOutAndErased(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := testkit.DB(t)
	var columns []string
	err := db.NewRaw(`
		SELECT DISTINCT c.table_name || '.' || c.column_name FROM information_schema.columns c
		WHERE c.table_schema = 'public' AND c.data_type = 'uuid' AND (
			c.column_name ~ '^(person|actor|helper|subject|kept|merged|learner)_id$' OR c.column_name ~ '_by$'
			OR EXISTS (
				SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
				WHERE k.contype = 'f' AND k.confrelid = 'people'::regclass AND k.conrelid = to_regclass('public.' || c.table_name) AND a.attname = c.column_name))
		ORDER BY 1`).Scan(ctx, &columns)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, table := range tables {
		for _, column := range table.columns {
			declared = append(declared, table.name+"."+column)
		}
	}
	for _, column := range columns {
		if !slices.Contains(declared, column) {
			t.Errorf("%s refers to a person: declare it in tables (personal.go)", column)
		}
	}
	for _, column := range declared {
		if !slices.Contains(columns, column) {
			t.Errorf("%s is declared and is no column that refers to a person", column)
		}
	}
	for _, table := range tables {
		if (table.section == "") != (table.hand == "") {
			t.Errorf("%s: a section without a query, or a query without a section", table.name)
		}
		if oneRecord.MatchString(table.hand + table.erase) {
			t.Errorf("%s: ?0 stands for several records of the person: write IN (?0)", table.name)
		}
	}
}
