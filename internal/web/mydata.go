package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/platform/fault"
	learnerview "hocso/views/learner"
)

func (s *site) myDataRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/me/data", owners, s.myData},
		{fiber.MethodGet, "/me/data.json", owners, s.downloadMyData},
		{fiber.MethodGet, "/me/data/print", owners, s.printMyData},
		{fiber.MethodPost, "/me/data/consents", owners, s.changeConsent},
		{fiber.MethodPost, "/me/data/requests", owners, s.askCorrection},
		{fiber.MethodPost, "/me/data/requests/:request<guid>/withdraw", owners, s.withdrawRequest},
		{fiber.MethodGet, "/me/data/erase", owners, s.eraseForm},
		{fiber.MethodPost, "/me/data/erase", owners, s.askErasure},
		{fiber.MethodGet, "/requests", managers, s.requests},
		{fiber.MethodPost, "/requests/:request<guid>", managers, s.answerRequest},
	}
}

// myData shows what the viewer agreed to and asked, and the ways to more.
func (s *site) myData(c *fiber.Ctx) error { return s.showMyData(c, learnerview.MineData{}) }

func (s *site) showMyData(c *fiber.Ctx, data learnerview.MineData) error {
	viewer := viewerOf(c)
	var err error
	if data.Consents, err = identity.NewStore(s.DB).Consents(c.UserContext(), viewer.PersonID); err != nil {
		return err
	}
	if data.Requests, err = s.Learner.Requests(c.UserContext(), viewer.PersonID); err != nil {
		return err
	}
	data.Now = s.Now()
	return page(c, learnerview.Mine(data))
}

// downloadMyData hands out everything for machines.
func (s *site) downloadMyData(c *fiber.Ctx) error {
	data, err := s.Learner.Download(c.UserContext(), viewerOf(c), s.by(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="hoc-so.json"`)
	return c.JSON(data)
}

// printMyData hands out everything for people.
func (s *site) printMyData(c *fiber.Ctx) error {
	data, err := s.Learner.Download(c.UserContext(), viewerOf(c), s.by(c))
	if err != nil {
		return err
	}
	return page(c, learnerview.Print(data))
}

// changeConsent gives or takes back the viewer's consent to one purpose.
func (s *site) changeConsent(c *fiber.Ctx) error {
	viewer, purpose := viewerOf(c), identity.Purpose(c.FormValue("purpose"))
	var err error
	switch {
	case !purpose.Known():
		err = fault.New(fault.NotFound, "purpose")
	case c.FormValue("give") == "yes":
		err = s.Identity.GiveConsent(c.UserContext(), s.by(c), viewer.HomeUnitID, &identity.Consent{PersonID: viewer.PersonID, Purpose: purpose, How: identity.BySelf})
	default:
		err = s.Identity.WithdrawConsent(c.UserContext(), s.by(c), viewer.HomeUnitID, viewer.PersonID, purpose)
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, "/me/data", "notice.saved")
}

// askCorrection asks the commune to correct something.
func (s *site) askCorrection(c *fiber.Ctx) error {
	wish := c.FormValue("wish")
	err := s.Learner.Ask(c.UserContext(), viewerOf(c), s.by(c), learner.Correction, wish)
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showMyData(c, learnerview.MineData{Wish: wish, Errors: fault.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, "/me/data", "notice.asked")
}

func (s *site) withdrawRequest(c *fiber.Ctx) error {
	if err := s.Learner.Withdraw(c.UserContext(), viewerOf(c), uuid.MustParse(c.Params("request"))); err != nil {
		return err
	}
	return s.leadTo(c, "/me/data", "notice.withdrawn")
}

func (s *site) eraseForm(c *fiber.Ctx) error { return s.showErase(c, "") }

func (s *site) showErase(c *fiber.Ctx, problem string) error {
	has, err := s.Identity.HasSecret(c.UserContext(), viewerOf(c).PersonID)
	if err != nil {
		return err
	}
	return page(c, learnerview.Erase(learnerview.EraseData{HasSecret: has, Error: problem}))
}

// askErasure asks for the viewer to be forgotten; they prove once more that it
// is them, and have a day to think again.
func (s *site) askErasure(c *fiber.Ctx) error {
	viewer := viewerOf(c)
	err := s.Identity.Recheck(c.UserContext(), s.from(c), viewer.PersonID, c.FormValue("secret"))
	switch {
	case fault.Is(err, fault.Invalid):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showErase(c, "signin.secret_wrong")
	case fault.Is(err, fault.TooMany):
		c.Status(fiber.StatusTooManyRequests)
		return s.showErase(c, "signin.wait")
	case err != nil:
		return err
	}
	if err := s.Learner.Ask(c.UserContext(), viewer, s.by(c), learner.Erasure, ""); err != nil {
		return err
	}
	return s.leadTo(c, "/me/data", "notice.erasure_asked")
}

// requests lists what people asked about their data where the viewer looks after them.
func (s *site) requests(c *fiber.Ctx) error { return s.showRequests(c, learnerview.RequestsData{}) }

func (s *site) showRequests(c *fiber.Ctx, data learnerview.RequestsData) error {
	var err error
	if data.Requests, err = s.Learner.OpenRequests(c.UserContext(), viewerOf(c).Scope(identity.Managers...)); err != nil {
		return err
	}
	data.Now = s.Now()
	return page(c, learnerview.Requests(data))
}

func (s *site) answerRequest(c *fiber.Ctx) error {
	id := c.Params("request")
	err := s.Learner.Answer(c.UserContext(), viewerOf(c).Scope(identity.Managers...), s.by(c), uuid.MustParse(id),
		learner.RequestState(c.FormValue("state")), c.FormValue("answer"))
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showRequests(c, learnerview.RequestsData{Errors: fault.FieldsOf(err), Failed: id})
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, "/requests", "notice.saved")
}
