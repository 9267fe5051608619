package certificate

import (
	"time"

	"hocso/internal/notify"
	"hocso/internal/platform/i18n"
	"hocso/internal/platform/shortcode"
)

// The kinds of notice that this room has to say.
const (
	NoticeIssued   notify.Kind = "certificate-issued"
	NoticeRevoked  notify.Kind = "certificate-revoked"
	NoticeExpiring notify.Kind = "certificate-expiring"
)

// reasonTexts are why a record was revoked, as a notice says it.
var reasonTexts = map[Reason]string{
	Corrected: "kết quả học đã được đính chính",
	Mistaken:  "cấp nhầm",
	Misused:   "kết quả không phải do chính người được ghi tên làm",
	Other:     "lý do khác",
}

// notice tells a record's holder something of it, once.
func (r *Record) notice(kind notify.Kind, now time.Time) *notify.Notice {
	data := map[string]string{"title": r.Facts.Title, "code": shortcode.Show(r.Code), "until": "không thời hạn"}
	if r.ValidUntil != nil {
		data["until"] = r.ValidUntil.Format("02/01/2006")
	}
	if r.RevokedAt != nil {
		data["reason"] = reasonTexts[r.Reason]
		if r.Note != "" {
			data["reason"] += ": " + r.Note
		}
		data["day"] = i18n.Date(*r.RevokedAt)
	}
	return &notify.Notice{PersonID: r.PersonID, Kind: kind, Occasion: string(kind) + "/" + r.ID.String(), Data: data, Link: "/me/certificates", MadeAt: now}
}
