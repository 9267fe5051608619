package e2e

import (
	"context"
	"testing"

	"hocso/internal/identity"
	"hocso/internal/platform/config"
	"hocso/internal/platform/testkit/idp"
)

// TestAnOfficialSignsInThroughTheProvider links an account, comes back with it
// alone, and is told plainly when it does not work.
func TestAnOfficialSignsInThroughTheProvider(t *testing.T) {
	t.Parallel()
	provider := idp.Start(t)
	s := startSiteWith(t, &config.Config{OIDC: provider.Settings()})
	const button = `main a[href^="/sign-in/oidc"]`
	somebody := map[string]any{"sub": "can-bo-1"}
	for _, on := range []screen{phone, laptop} {
		p := browse(t, s, on, true)
		p.open("/sign-in")
		p.sees("Dành cho cán bộ")
		p.isAccessible()
		p.fits()
		provider.Next(map[string]any{"sub": "nobody"})
		p.click(button)
		p.sees("chưa được gắn với ai")
		p.isAccessible()
		p.fits()
		p.shoot(on.name + "-provider-unlinked")
	}

	p := browse(t, s, laptop, true)
	p.signIn(identity.Coordinator)
	p.open("/me/account")
	p.click(`main a[href="/me/identity"]`)
	p.isAccessible()
	provider.Next(somebody)
	p.click(`main a[href="/me/identity/link"]`)
	p.sees("Đã gắn tài khoản")
	p.isAccessible()
	p.fits()
	p.shoot("laptop-provider-linked")

	// On another machine, on the way to a page that asks them to sign in; with scripts off.
	p = browse(t, s, phone, false)
	p.open("/pilot/" + commune)
	p.sees("Đăng nhập bằng")
	provider.Next(somebody)
	p.click(button)
	if p.path() != "/pilot/"+commune {
		t.Fatalf("the official is led to %s:\n%s", p.path(), p.text())
	}
	must(t, s.db.NewRaw("UPDATE people SET suspended_at = now() WHERE id = (SELECT person_id FROM external_identities) RETURNING id").Scan(context.Background(), new(string)))
	provider.Next(somebody)
	p.open("/sign-in")
	p.click(button)
	p.sees("đang tạm ngừng")
}
