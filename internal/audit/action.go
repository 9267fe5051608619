package audit

// Action is a kind of deed that the log knows.
type Action string

// The actions, by what they are done to.
const (
	SignedIn          Action = "sign_in"
	SignedOutAll      Action = "sign_out_everywhere"
	CredentialsChange Action = "credentials.change"
	CredentialsReset  Action = "credentials.reset" // recovery through the commune
	IdentityLink      Action = "identity.link"     // an account at an OpenID Connect provider
	IdentityUnlink    Action = "identity.unlink"
	CardMake          Action = "card.make"
	CardRevoke        Action = "card.revoke"
	JoinCodeMake      Action = "join_code.make"
	JoinCodeEnd       Action = "join_code.end"

	PersonRegister Action = "person.register"
	PersonChange   Action = "person.change"
	PersonSuspend  Action = "person.suspend"
	PersonRestore  Action = "person.restore"
	PersonMerge    Action = "person.merge"
	PersonUnmerge  Action = "person.unmerge"
	GuestClaim     Action = "person.claim_guest"
	PeopleImport   Action = "people.import"
	PeopleExport   Action = "people.export"

	RoleGrant       Action = "role.grant"
	RoleEnd         Action = "role.end"
	RoleDelegate    Action = "role.delegate"
	AppointmentMake Action = "appointment.make"
	AppointmentEnd  Action = "appointment.end"
	AssistBegin     Action = "assist.begin"
	AssistEnd       Action = "assist.end"

	ConsentGive     Action = "consent.give"
	ConsentWithdraw Action = "consent.withdraw"
	DataDownload    Action = "data.download"
	DataRequest     Action = "data.request"
	DataAnswer      Action = "data.answer"
	DataErase       Action = "data.erase"

	LogExport Action = "audit.export"

	ProgramMake    Action = "program.make"
	ProgramChange  Action = "program.change"
	ProgramPublish Action = "program.publish"
	ProgramClose   Action = "program.close"
	ProgramDelete  Action = "program.delete"
	ProgramExtend  Action = "program.extend" // the deadline of one person
	ProgramExempt  Action = "program.exempt"
	ProgramEnforce Action = "program.enforce" // an exemption or an extension ends
	ProgramRemind  Action = "program.remind"
	ExternalDecide Action = "external.decide" // on a certificate of another platform

	CertificateRevoke   Action = "certificate.revoke"
	CertificateReissue  Action = "certificate.reissue"
	CertificatePrint    Action = "certificate.print" // of many people at once
	CertificateTemplate Action = "certificate.template"

	TemplateChange Action = "notice.template" // what a kind of notice says
	TemplateReset  Action = "notice.template_reset"
	NoticesAgain   Action = "notice.again" // messages that had failed
	AddressAsk     Action = "address.ask"  // an e-mail address for notices
	AddressConfirm Action = "address.confirm"
	AddressDrop    Action = "address.drop"
	FeedMake       Action = "calendar.make" // the private address of a calendar
	FeedEnd        Action = "calendar.end"
)

// Actions lists every action, in the order in which pages offer them.
var Actions = []Action{
	SignedIn, SignedOutAll, CredentialsChange, CredentialsReset, IdentityLink, IdentityUnlink, CardMake, CardRevoke, JoinCodeMake, JoinCodeEnd,
	PersonRegister, PersonChange, PersonSuspend, PersonRestore, PersonMerge, PersonUnmerge, GuestClaim, PeopleImport, PeopleExport,
	RoleGrant, RoleEnd, RoleDelegate, AppointmentMake, AppointmentEnd, AssistBegin, AssistEnd,
	ConsentGive, ConsentWithdraw, DataDownload, DataRequest, DataAnswer, DataErase,
	ProgramMake, ProgramChange, ProgramPublish, ProgramClose, ProgramDelete, ProgramExtend, ProgramExempt, ProgramEnforce, ProgramRemind, ExternalDecide,
	CertificateRevoke, CertificateReissue, CertificatePrint, CertificateTemplate,
	TemplateChange, TemplateReset, NoticesAgain, AddressAsk, AddressConfirm, AddressDrop, FeedMake, FeedEnd,
	LogExport,
}

// Fields lists what entries tell of as changed, each with a name in the
// catalogue.
var Fields = []string{
	"name", "birth_year", "phone", "email", "staff_code", "unit", "role", "position", "support",
	"learning", "contact", "study", "pin_hash", "password_hash", "pictures_hash", "issuer", "subject", "merged", "request",
	"person", "action", "from", "to", "program", "due", "until", "certificate", "state", "reason", "template",
}
