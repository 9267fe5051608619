package web

import (
	"bufio"
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/i18n"
	auditview "hocso/views/audit"
)

func (s *site) auditRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/audit", auditReaders, s.auditLog},
		// A name in an address would stay in histories and logs: searching posts.
		{fiber.MethodPost, "/audit/find", auditReaders, s.auditLog},
		// So does taking entries out, which is written down itself.
		{fiber.MethodPost, "/audit/export", auditReaders, s.exportAudit},
	}
}

// auditReach is what the viewer may read of the log: what happened in the
// subtrees of their roles, and for operators also what belongs to no unit.
func auditReach(viewer *identity.Viewer) audit.Reach {
	return audit.Reach{Scope: viewer.Scope(auditReaders.Roles...), Unplaced: viewer.Has(identity.Operator)}
}

// auditLog shows a page of the log.
func (s *site) auditLog(c *fiber.Ctx) error {
	reach := auditReach(viewerOf(c))
	data, filter, err := s.auditFilter(c, reach)
	if err != nil {
		return s.auditAgain(c, data, err)
	}
	data.Lines, data.Next, err = audit.NewStore(s.DB).Search(c.UserContext(), reach, filter)
	if err != nil {
		return err
	}
	if data.Names, err = s.unitNames(c.UserContext(), data.Lines); err != nil {
		return err
	}
	return page(c, auditview.Page(data))
}

// exportAudit sends what the filter leaves as a file, after writing down that
// it does.
func (s *site) exportAudit(c *fiber.Ctx) error {
	reach := auditReach(viewerOf(c))
	data, filter, err := s.auditFilter(c, reach)
	if err != nil {
		return s.auditAgain(c, data, err)
	}
	if err := audit.NewStore(s.DB).NoteExport(c.UserContext(), s.by(c), s.Now(), reach, filter); err != nil {
		return err
	}
	filter.After = "" // the whole, from whichever page
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Attachment("nhat-ky-" + i18n.FileDay(s.Now()) + ".csv")
	// The file is written while it is sent, when this request's c is gone.
	ctx, id := c.UserContext(), requestID(c)
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		if err := s.writeAudit(ctx, w, reach, filter); err != nil {
			s.Log.Warn("export broken off", "id", id, "error", err)
		}
	})
	return nil
}

// writeAudit writes the file. Once it has begun, an error can only be told in it.
func (s *site) writeAudit(ctx context.Context, w *bufio.Writer, reach audit.Reach, filter audit.Filter) error {
	file, err := auditview.NewCSV(ctx, w)
	if err != nil {
		return err
	}
	cut, err := audit.NewStore(s.DB).Export(ctx, reach, filter, audit.ExportMost, func(lines []*audit.Line) error {
		names, err := s.unitNames(ctx, lines)
		if err != nil {
			return err
		}
		if err := file.Lines(lines, names); err != nil {
			return err
		}
		return w.Flush()
	})
	if err != nil {
		file.Note("audit.broken")
		return err
	}
	if cut {
		return file.Note("audit.cut", i18n.Number(ctx, audit.ExportMost))
	}
	return nil
}

// auditFilter reads the filter. What is typed wrong is a fault.Invalid, and the
// data then hold what was typed.
func (s *site) auditFilter(c *fiber.Ctx, reach audit.Reach) (data auditview.Data, filter audit.Filter, err error) {
	data.Form = auditview.Form{Person: c.FormValue("person"), Unit: c.FormValue("unit"), From: c.FormValue("from"), To: c.FormValue("to")}
	if action := audit.Action(c.FormValue("action")); slices.Contains(audit.Actions, action) {
		data.Form.Action = action
	}
	filter = audit.Filter{Person: data.Form.Person, Action: data.Form.Action, After: c.FormValue("after")}
	data.First = filter.After == ""
	if filter.Since, filter.Until, err = audit.Days(data.Form.From, data.Form.To); err != nil {
		return data, filter, err
	}
	if data.Form.Unit == "" {
		return data, filter, nil
	}
	data.Unit, err = org.NewStore(s.DB).Typed(c.UserContext(), reach.Scope, data.Form.Unit)
	if fault.Is(err, fault.NotFound) {
		return data, filter, fault.InvalidField("unit", "audit.unit_missing")
	}
	if err == nil {
		filter.Unit = data.Unit.ID
	}
	return data, filter, err
}

// auditAgain shows the filter again with what is wrong with it.
func (s *site) auditAgain(c *fiber.Ctx, data auditview.Data, err error) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	data.Errors = fault.FieldsOf(err)
	return page(c, auditview.Page(data))
}

// unitNames names the units that stand in changes.
func (s *site) unitNames(ctx context.Context, lines []*audit.Line) (auditview.Names, error) {
	units, err := org.NewStore(s.DB).Named(ctx, audit.UnitsNamed(lines))
	return auditview.NamesOf(units), err
}
