package postgres

import (
	"context"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
)

// Tx is a transaction that can also write many rows by COPY.
type Tx struct {
	bun.Tx
	conn bun.Conn // that it runs on
}

// RunInTx is db.RunInTx with such a transaction.
func RunInTx(ctx context.Context, db *bun.DB, do func(context.Context, Tx) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return do(ctx, Tx{tx, conn}) })
}

// Copy adds rows, a slice of pointers to a model without generated columns. A
// thousand rows or more cost PostgreSQL half of what an INSERT of them does,
// for it parses no statement. All of them are written or none; after an error,
// such as a key that there is, the transaction can only be rolled back.
func (t Tx) Copy(ctx context.Context, rows any) error {
	all := reflect.ValueOf(rows)
	if all.Len() == 0 {
		return nil
	}
	table := t.Dialect().Tables().Get(all.Type().Elem())
	columns := make([]string, len(table.Fields))
	for i, field := range table.Fields {
		columns[i] = field.Name
	}
	source := pgx.CopyFromSlice(all.Len(), func(n int) ([]any, error) {
		row, values := all.Index(n).Elem(), make([]any, len(columns))
		for i, field := range table.Fields {
			values[i] = field.Value(row).Interface()
		}
		return values, nil
	})
	err := t.conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table.Name}, columns, source)
		return err
	})
	return Wrap(err, fmt.Sprintf("copy into %s", table.Name))
}
