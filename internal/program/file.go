package program

import (
	"bytes"
	"context"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// MaxFile is how large a file may be, in bytes.
const MaxFile = 2 << 20

// File is a decision, or a proof of learning elsewhere: a PDF or a picture.
type File struct {
	bun.BaseModel `bun:"table:program_files,alias:fi"`

	ID     uuid.UUID `bun:",pk,type:uuid"`
	Name   string
	Mime   string
	Bytes  []byte
	MadeBy *uuid.UUID `bun:",type:uuid"`
	MadeAt time.Time
}

// NewFile looks at what was sent: its kind is seen from its bytes, never
// believed. What is wrong is an Invalid on field.
func NewFile(field, name string, content []byte) (*File, error) {
	mime := http.DetectContentType(content)
	if bytes.HasPrefix(content, []byte("%PDF-")) {
		mime = "application/pdf"
	}
	switch {
	case len(content) == 0:
		return nil, fault.InvalidField(field, "program.file_empty")
	case len(content) > MaxFile:
		return nil, fault.InvalidField(field, "program.file_too_large")
	case mime != "application/pdf" && mime != "image/jpeg" && mime != "image/png":
		return nil, fault.InvalidField(field, "program.file_kind")
	}
	name = strings.Join(strings.Fields(path.Base(strings.ReplaceAll(name, `\`, "/"))), " ")
	if signs := []rune(name); len(signs) > 200 {
		name = string(signs[:200])
	}
	if name == "" || name == "." || name == "/" {
		name = "tep"
	}
	return &File{ID: uuid.Must(uuid.NewV7()), Name: name, Mime: mime, Bytes: content}, nil
}

func (s *Store) addFile(ctx context.Context, file *File, by uuid.UUID, now time.Time) error {
	file.MadeBy, file.MadeAt = &by, now
	_, err := s.db.NewInsert().Model(file).Exec(ctx)
	return postgres.Wrap(err, "keep a file")
}

// AddFile keeps a decision that a programme rests on.
func (s *Service) AddFile(ctx context.Context, file *File, by uuid.UUID) error {
	return NewStore(s.db).addFile(ctx, file, by, s.now())
}

// ProofFile reads the proof of a certificate: the person's own, or of somebody
// in the scope.
func (s *Service) ProofFile(ctx context.Context, viewer uuid.UUID, scope org.Scope, id uuid.UUID) (*File, error) {
	file := new(File)
	query := s.db.NewSelect().Model(file).ColumnExpr("fi.*").Join("JOIN external_certificates AS xc ON xc.file_id = fi.id").
		Join("JOIN people AS p ON p.id = xc.person_id").Where("fi.id = ?", id)
	query = query.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		own := q.Where("xc.person_id = ?", viewer)
		if scope.Empty() {
			return own
		}
		return own.WhereOr("EXISTS (SELECT FROM unit_reach ur WHERE ur.unit_id = p.home_unit_id AND ur.ancestor_id IN (?))", bun.List(scope.Units))
	})
	return file, postgres.Wrap(query.Scan(ctx), "proof of a certificate")
}

// DecisionFile reads the decision that a published programme rests on; to its
// editors also that of a draft.
func (s *Service) DecisionFile(ctx context.Context, scope org.Scope, id uuid.UUID) (*File, error) {
	file := new(File)
	query := s.db.NewSelect().Model(file).Where("fi.id = ?", id).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("EXISTS (SELECT FROM programs p WHERE p.definition->'decision'->>'file_id' = fi.id::text)")
		if scope.Empty() {
			return q
		}
		return q.WhereOr(`EXISTS (SELECT FROM programs p JOIN unit_reach ur ON ur.unit_id = p.owner_id AND ur.ancestor_id IN (?)
			WHERE p.draft->'decision'->>'file_id' = fi.id::text)`, bun.List(scope.Units))
	})
	return file, postgres.Wrap(query.Scan(ctx), "decision of a programme")
}
