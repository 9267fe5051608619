package web

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/program"
	programview "hocso/views/program"
	"hocso/views/text"
)

const boardPath = "/programs/at"

// mostReported is how many people a report on paper names.
const mostReported = 300

func (s *site) boardRoutes() []Route {
	return []Route{
		{fiber.MethodGet, boardPath, pilotReaders, s.ownBoard},
		{fiber.MethodGet, boardPath + "/:unit", pilotReaders, s.board},
		{fiber.MethodGet, boardPath + "/:unit/report", pilotReaders, s.boardReport},
		{fiber.MethodGet, boardPath + "/:unit/export", pilotReaders, s.boardExport},
		{fiber.MethodPost, boardPath + "/:unit/remind", approvers, s.remindBehind},
		{fiber.MethodGet, "/programs/cases/:case<guid>", pilotReaders, s.programCase},
		{fiber.MethodPost, "/programs/cases/:case<guid>/extend", approvers, s.extend},
		{fiber.MethodPost, "/programs/cases/:case<guid>/exempt", approvers, s.exempt},
		{fiber.MethodPost, "/programs/cases/:case<guid>/enforce", approvers, s.enforce},
	}
}

// ownBoard leads to the first unit that the viewer may see.
func (s *site) ownBoard(c *fiber.Ctx) error {
	for _, grant := range viewerOf(c).Grants {
		if slices.Contains(pilotReaders.Roles, grant.Role) {
			return c.Redirect(boardPath+"/"+grant.UnitCode, fiber.StatusSeeOther)
		}
	}
	return s.nowhere(c) // the guard lets nobody else through
}

// board shows how one unit in the viewer's scope stands.
func (s *site) board(c *fiber.Ctx) error {
	data, err := s.readBoard(c, programview.PageRows)
	if err != nil {
		return err
	}
	if data.Own, err = s.Programs.Mine(c.UserContext(), viewerOf(c).PersonID); err != nil {
		return err
	}
	return page(c, programview.Board(data))
}

// boardReport is the same on paper, with those who are late or near it.
func (s *site) boardReport(c *fiber.Ctx) error {
	data, err := s.readBoard(c, mostReported)
	if err != nil {
		return err
	}
	return page(c, programview.Report(data))
}

// lateOrNear are the states that somebody should look after.
var lateOrNear = []program.State{program.Overdue, program.Expired, program.DueSoon, program.Expiring}

// readBoard reads what a board and its report have in common.
func (s *site) readBoard(c *fiber.Ctx, rows int64) (data programview.BoardData, err error) {
	ctx, viewer := c.UserContext(), viewerOf(c)
	scope := viewer.Scope(pilotReaders.Roles...)
	data = programview.BoardData{
		MayRule: viewer.Has(program.Approvers...), MayMake: viewer.Has(program.Makers...),
		Today: clock.Day(s.Now()), Printed: s.Now().In(clock.Zone), State: program.State(c.Query("state")), From: int64(max(0, c.QueryInt("from"))),
	}
	data.Only = chosenProgram(c)
	if data.Board, err = s.Programs.Board(ctx, scope, c.Params("unit"), data.Only); err != nil {
		return data, err
	}
	if data.Path, err = org.NewStore(s.DB).Path(ctx, scope, data.Board.Unit.ID); err != nil {
		return data, err
	}
	if data.Head, err = s.headOf(ctx, data.Board.Unit.ID); err != nil {
		return data, err
	}
	query := program.Query{Unit: data.Board.Unit.ID, Program: data.Only, States: lateOrNear, From: data.From, Limit: rows + 1}
	if slices.Contains(program.States, data.State) {
		query.States = []program.State{data.State}
	} else {
		data.State = ""
	}
	if data.Rows, err = s.Programs.Rows(ctx, scope, query); err != nil {
		return data, err
	}
	if int64(len(data.Rows)) > rows {
		data.Rows, data.More = data.Rows[:rows], true
	}
	return data, nil
}

// headOf names who answers for a unit.
func (s *site) headOf(ctx context.Context, unit uuid.UUID) (string, error) {
	officers, err := identity.NewStore(s.DB).Officers(ctx, unit)
	if err != nil || len(officers) == 0 || !officers[0].Head {
		return "", err
	}
	return officers[0].FullName + ", " + officers[0].Position, nil
}

// chosenProgram reads which programme a page is about, nil for all.
func chosenProgram(c *fiber.Ctx) *uuid.UUID {
	id, err := uuid.Parse(c.Query("program"))
	if err != nil {
		return nil
	}
	return &id
}

// boardExport gives everybody in the unit's programmes as a workbook.
func (s *site) boardExport(c *fiber.Ctx) error {
	ctx, scope := c.UserContext(), viewerOf(c).Scope(pilotReaders.Roles...)
	unit, err := org.NewStore(s.DB).Current(ctx, scope, c.Params("unit"))
	if err != nil {
		return err
	}
	var file bytes.Buffer
	words := program.Words{State: func(state program.State) string { return text.T(ctx, "program.state_"+string(state)) }}
	for _, column := range program.Columns {
		words.Columns = append(words.Columns, text.T(ctx, "program.column_"+column))
	}
	if err := s.Programs.WriteXLSX(ctx, scope, s.by(c), program.Query{Unit: unit.ID, Program: chosenProgram(c)}, words, &file); err != nil {
		return err
	}
	return s.attach(c, "hoc-bat-buoc-"+unit.Code+"-"+clock.Day(s.Now()).Format(time.DateOnly)+".xlsx", file.Bytes())
}

// remindBehind reminds everybody of the unit who is late or near it.
func (s *site) remindBehind(c *fiber.Ctx) error {
	ctx, viewer := c.UserContext(), viewerOf(c)
	scope := viewer.Scope(program.Approvers...)
	unit, err := org.NewStore(s.DB).Current(ctx, scope, c.Params("unit"))
	if err != nil {
		return err
	}
	told, err := s.Programs.Remind(ctx, scope, s.by(c), unit.ID, chosenProgram(c), viewer.FullName)
	if err != nil {
		return err
	}
	path := boardPath + "/" + unit.Code
	if only := chosenProgram(c); only != nil {
		path += "?program=" + only.String()
	}
	if told == 0 {
		return s.leadTo(c, path, "program.reminded_none")
	}
	return s.leadTo(c, path, "program.reminded")
}

// programCase shows one person in one programme.
func (s *site) programCase(c *fiber.Ctx) error { return s.showCase(c, programview.CaseData{}) }

func (s *site) showCase(c *fiber.Ctx, data programview.CaseData) (err error) {
	id, err := paramID(c, "case")
	if err != nil {
		return err
	}
	viewer := viewerOf(c)
	if data.Case, err = s.Programs.Case(c.UserContext(), viewer.Scope(pilotReaders.Roles...), id); err != nil {
		return err
	}
	if data.Titles, data.Slugs, err = s.courseNames(c); err != nil {
		return err
	}
	data.MayRule, data.Today = viewer.Has(program.Approvers...), clock.Day(s.Now())
	return page(c, programview.Case(data))
}

func (s *site) extend(c *fiber.Ctx) error {
	data := programview.CaseData{DueOn: c.FormValue("due_on"), ExtendReason: c.FormValue("extend_reason")}
	return s.decide(c, "extend", "program.extended_notice", data, func(scope org.Scope, id uuid.UUID) error {
		day, err := time.Parse(time.DateOnly, data.DueOn)
		if err != nil {
			return fault.InvalidField("due_on", "program.day_missing")
		}
		return s.Programs.Extend(c.UserContext(), scope, s.by(c), id, day, data.ExtendReason)
	})
}

func (s *site) exempt(c *fiber.Ctx) error {
	data := programview.CaseData{Until: c.FormValue("until"), ExemptReason: c.FormValue("exempt_reason")}
	return s.decide(c, "exempt", "program.exempted_notice", data, func(scope org.Scope, id uuid.UUID) error {
		var until *time.Time
		if data.Until != "" {
			day, err := time.Parse(time.DateOnly, data.Until)
			if err != nil {
				return fault.InvalidField("until", "program.day_missing")
			}
			until = &day
		}
		return s.Programs.Exempt(c.UserContext(), scope, s.by(c), id, until, data.ExemptReason)
	})
}

func (s *site) enforce(c *fiber.Ctx) error {
	return s.decide(c, "enforce", "program.enforced_notice", programview.CaseData{}, func(scope org.Scope, id uuid.UUID) error {
		return s.Programs.Enforce(c.UserContext(), scope, s.by(c), id)
	})
}

// decide carries out a decision on one person, or shows their page again with
// what is wrong beside the fields of the form.
func (s *site) decide(c *fiber.Ctx, form, notice string, data programview.CaseData, do func(org.Scope, uuid.UUID) error) error {
	id, err := paramID(c, "case")
	if err != nil {
		return err
	}
	err = do(viewerOf(c).Scope(program.Approvers...), id)
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		data.Errors = map[string]string{}
		for field, key := range fault.FieldsOf(err) {
			data.Errors[form+"_"+field] = key
		}
		return s.showCase(c, data)
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, "/programs/cases/"+id.String(), notice)
}
