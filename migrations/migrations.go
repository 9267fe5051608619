// Package migrations holds the database's history as embedded SQL files.
//
// A file is named NNNN_room.up.sql and is never changed once it has been
// released; the next change is a new file. internal/platform/postgres applies
// them in order, each in its own transaction.
package migrations

import "embed"

// FS holds every *.up.sql file at its root.
//
//go:embed *.up.sql
var FS embed.FS
