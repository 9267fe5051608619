package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/qr"
	"hocso/internal/platform/shortcode"
	"hocso/views/people"
	"hocso/views/signin"
)

func (s *site) cardRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/card/:token", anyone, s.card},
		{fiber.MethodPost, "/card/:token", anyone, s.useCard},
	}
}

// card shows the twelve drawings to the holder of a card.
func (s *site) card(c *fiber.Ctx) error { return s.showCard(c, signin.CardData{}) }

func (s *site) showCard(c *fiber.Ctx, data signin.CardData) error {
	card, err := s.Identity.Card(c.UserContext(), c.Params("token"))
	if fault.Is(err, fault.NotFound) {
		c.Status(fiber.StatusNotFound)
		return page(c, signin.NoCard())
	}
	if err != nil {
		return err
	}
	data.Token, data.Choosing, data.Name = c.Params("token"), !card.Chosen, card.FullName
	return page(c, signin.Card(data))
}

// useCard takes one picture more. With the third the holder is let in; who has
// no pictures yet chooses three, and then the same three again.
func (s *site) useCard(c *fiber.Ctx) error {
	token, from := c.Params("token"), s.from(c)
	chosen, done := readPictures(c)
	first := parsePictures(c.FormValue("first"))
	if !done {
		return s.showCard(c, signin.CardData{Chosen: chosen, First: first})
	}
	card, err := s.Identity.Card(c.UserContext(), token)
	if fault.Is(err, fault.NotFound) {
		return s.showCard(c, signin.CardData{})
	}
	if err != nil {
		return err
	}
	var entry *identity.Entry
	switch {
	case card.Chosen:
		entry, err = s.Identity.SignInByCard(c.UserContext(), from, token, chosen)
	case len(first) == 0:
		return s.showCard(c, signin.CardData{First: chosen})
	case !slices.Equal(first, chosen):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showCard(c, signin.CardData{Error: "card.differ"})
	default:
		entry, err = s.Identity.ChoosePictures(c.UserContext(), from, token, chosen)
	}
	switch {
	case fault.Is(err, fault.Invalid):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showCard(c, signin.CardData{Error: "card.wrong"})
	case fault.Is(err, fault.TooMany):
		c.Status(fiber.StatusTooManyRequests)
		return s.showCard(c, signin.CardData{Error: "signin.wait"})
	case err != nil:
		return err
	}
	return s.enter(c, entry)
}

// readPictures reads the pictures chosen so far and the one just pressed; done
// tells that there are enough. "restart" begins anew.
func readPictures(c *fiber.Ctx) (chosen []int, done bool) {
	if c.FormValue("restart") != "" {
		return nil, false
	}
	chosen = parsePictures(c.FormValue("chosen"))
	for _, pressed := range parsePictures(c.FormValue("picture")) {
		if !slices.Contains(chosen, pressed) {
			chosen = append(chosen, pressed)
		}
	}
	return chosen, len(chosen) >= identity.PicturesChosen
}

// parsePictures reads "3,0,11"; what is no picture is left out.
func parsePictures(typed string) []int {
	var pictures []int
	for _, part := range strings.Split(typed, ",") {
		if n, err := strconv.Atoi(part); err == nil && n >= 0 && n < identity.Pictures && len(pictures) < identity.PicturesChosen {
			pictures = append(pictures, n)
		}
	}
	return pictures
}

func (s *site) cardSheetRoutes() []Route {
	return []Route{
		{fiber.MethodPost, "/people/cards", managers, s.makeCards},
		{fiber.MethodPost, "/people/:person<guid>/card/revoke", managers, s.revokeCard},
	}
}

// makeCards makes cards for the people chosen in a list and shows the sheets to
// print; their codes are not kept, so a page that is lost is made anew.
func (s *site) makeCards(c *fiber.Ctx) error {
	chosen, err := s.chosenPeople(c)
	if err != nil {
		return err
	}
	made, err := s.Identity.MakeCards(c.UserContext(), s.by(c), chosen)
	if fault.Is(err, fault.Invalid) {
		return s.leadTo(c, "/people", fault.FieldsOf(err)["people"])
	}
	if err != nil {
		return err
	}
	sheet := people.CardsData{Site: c.Hostname()}
	for _, card := range made {
		code, err := qr.SVG(s.address(c) + "/card/" + card.Token)
		if err != nil {
			return err
		}
		sheet.Cards = append(sheet.Cards, people.SheetCard{
			Name: card.Person.FullName, Unit: card.Person.Unit, Code: shortcode.Show(*card.Person.Code), QR: code,
		})
	}
	return page(c, people.Sheet(sheet))
}

// chosenPeople reads whose boxes were ticked, all of whom the viewer has to manage.
func (s *site) chosenPeople(c *fiber.Ctx) ([]*identity.Listed, error) {
	var ids []uuid.UUID
	for _, value := range c.Request().PostArgs().PeekMulti("person") {
		id, err := uuid.ParseBytes(value)
		if err != nil {
			return nil, fault.New(fault.NotFound, "person id")
		}
		if ids = append(ids, id); len(ids) > identity.CardsMost {
			return nil, fault.New(fault.TooLarge, "cards at once")
		}
	}
	chosen, err := identity.NewStore(s.DB).PeopleIn(c.UserContext(), viewerOf(c).Scope(identity.Managers...), ids)
	if err == nil && len(chosen) != len(ids) {
		return nil, fault.New(fault.NotFound, "person for a card")
	}
	return chosen, err
}

func (s *site) revokeCard(c *fiber.Ctx) error {
	person, err := s.managed(c)
	if err != nil {
		return err
	}
	return s.personDone(c, person.ID, s.Identity.RevokeCard(c.UserContext(), s.by(c), person), "notice.card_revoked", people.PersonData{})
}
