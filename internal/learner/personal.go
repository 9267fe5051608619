package learner

// table is one table that holds something about a person: how it is handed
// out, and what erasing leaves of it. A test holds this list against the
// database's own: a table that it lacks fails.
type table struct {
	name    string
	columns []string // that point at people
	// section names what a download calls it, "" for what tells of nobody but
	// by id and is handed out with another table.
	section string
	// hand is the query of what is handed out; ?0 stands for the ids of the
	// person and of records merged into them. It tells nothing about others but
	// who helped them.
	hand string
	// erase is the statement that takes out who it was; ?0 stands for the ids
	// of the person and of records merged into them, ?1 for now. "" keeps the
	// row, which then tells of nobody.
	erase string
}

// tables lists them in the order in which pages show them. What only counts
// (events, enrolments, grades) stays when a person is erased: it has become
// anonymous, and figures must not change (Luật 91/2025/QH15).
var tables = []table{
	{name: "people", columns: []string{"merged_into"}, section: "person",
		hand: `SELECT p.full_name, p.birth_year, p.phone, p.email, p.code, p.staff_code, u.name AS unit, p.registered_at
			FROM people p LEFT JOIN units u ON u.id = p.home_unit_id WHERE p.id IN (?0)`,
		erase: `UPDATE people SET full_name = '', search = '', birth_year = NULL, phone = NULL, email = NULL, staff_code = NULL, code = NULL,
			erased_at = ?1 WHERE id IN (?0)`},
	{name: "consents", columns: []string{"person_id", "recorded_by"}, section: "consents",
		hand:  "SELECT purpose, how, witness, guardian, given_at, withdrawn_at FROM consents WHERE person_id IN (?0) ORDER BY given_at",
		erase: "UPDATE consents SET witness = '', guardian = '', withdrawn_at = coalesce(withdrawn_at, ?1) WHERE person_id IN (?0)"},
	{name: "logins", columns: []string{"person_id"}, section: "logins",
		hand:  "SELECT login, kind FROM logins WHERE person_id IN (?0) ORDER BY kind",
		erase: "DELETE FROM logins WHERE person_id IN (?0)"},
	{name: "accounts", columns: []string{"person_id"}, section: "account",
		hand: `SELECT password_hash IS NOT NULL AS has_password, pin_hash IS NOT NULL AS has_pin, pictures_hash IS NOT NULL AS has_pictures, created_at
			FROM accounts WHERE person_id IN (?0)`,
		erase: "DELETE FROM accounts WHERE person_id IN (?0)"},
	{name: "sign_in_cards", columns: []string{"person_id", "made_by"}, section: "cards",
		hand:  "SELECT made_at, used_at, revoked_at FROM sign_in_cards WHERE person_id IN (?0) ORDER BY made_at",
		erase: "DELETE FROM sign_in_cards WHERE person_id IN (?0)"},
	{name: "external_identities", columns: []string{"person_id"}, section: "identities",
		hand:  "SELECT issuer, subject, linked_at FROM external_identities WHERE person_id IN (?0)",
		erase: "DELETE FROM external_identities WHERE person_id IN (?0)"},
	{name: "sign_in_flows", columns: []string{"person_id"}, // of the last ten minutes
		erase: "DELETE FROM sign_in_flows WHERE person_id IN (?0)"},
	{name: "sessions", columns: []string{"person_id"}, section: "sessions",
		hand:  "SELECT browser, address, created_at, seen_at FROM sessions WHERE person_id IN (?0) ORDER BY seen_at DESC",
		erase: "DELETE FROM sessions WHERE person_id IN (?0)"},
	{name: "device_people", columns: []string{"person_id"}, section: "devices",
		hand:  "SELECT listed, last_at FROM device_people WHERE person_id IN (?0) ORDER BY last_at DESC",
		erase: "DELETE FROM device_people WHERE person_id IN (?0)"},
	{name: "role_grants", columns: []string{"person_id", "granted_by"}, section: "roles",
		hand: `SELECT g.role, u.name AS unit, g.starts_at, g.ends_at FROM role_grants g JOIN units u ON u.id = g.unit_id
			WHERE g.person_id IN (?0) ORDER BY g.starts_at`,
		erase: `WITH future AS (DELETE FROM role_grants WHERE person_id IN (?0) AND starts_at >= ?1)
			UPDATE role_grants SET ends_at = ?1 WHERE person_id IN (?0) AND starts_at < ?1 AND (ends_at IS NULL OR ends_at > ?1)`},
	{name: "appointments", columns: []string{"person_id"}, section: "positions",
		hand: `SELECT a.position, a.head, u.name AS unit, a.starts_on, a.ends_on FROM appointments a JOIN units u ON u.id = a.unit_id
			WHERE a.person_id IN (?0) ORDER BY a.starts_on`,
		erase: "UPDATE appointments SET ends_on = greatest(starts_on, ?1::date) WHERE person_id IN (?0) AND ends_on IS NULL"},
	{name: "enrolments", columns: []string{"person_id"}, section: "courses",
		hand: `SELECT cv.title AS course, e.enrolled_at, e.started_at, e.passed_at, e.completed_at, e.independent_at, e.best_score
			FROM enrolments e JOIN course_versions cv ON cv.id = e.version_id WHERE e.person_id IN (?0) ORDER BY e.enrolled_at`},
	{name: "lesson_progress", columns: []string{"helper_id"}, section: "lessons",
		hand: `SELECT l.title AS lesson, lp.finished_at, lp.support, h.full_name AS helper FROM lesson_progress lp
			JOIN enrolments e ON e.id = lp.enrolment_id JOIN lessons l ON l.id = lp.lesson_id LEFT JOIN people h ON h.id = lp.helper_id
			WHERE e.person_id IN (?0) ORDER BY lp.finished_at`},
	{name: "attempts", columns: []string{"person_id", "helper_id"}, section: "attempts",
		hand: `SELECT cv.title AS course, a.opened_at, a.submitted_at, a.receipt, a.score, a.passed, a.support, h.full_name AS helper, a.answers
			FROM attempts a JOIN enrolments e ON e.id = a.enrolment_id JOIN course_versions cv ON cv.id = e.version_id
			LEFT JOIN people h ON h.id = a.helper_id WHERE a.person_id IN (?0) ORDER BY a.opened_at`,
		erase: "UPDATE attempts SET answers = '{}' WHERE person_id IN (?0)"},
	{name: "practice_runs", columns: []string{"person_id", "helper_id"}, section: "practice_runs",
		hand: `SELECT sv.title AS practice, r.begun_at, r.submitted_at, r.outcome, r.hints, r.mistakes, r.support, h.full_name AS helper, r.steps
			FROM practice_runs r JOIN scenario_versions sv ON sv.id = r.version_id LEFT JOIN people h ON h.id = r.helper_id
			WHERE r.person_id IN (?0) ORDER BY r.begun_at`,
		erase: "UPDATE practice_runs SET steps = '[]' WHERE person_id IN (?0)"},
	{name: "sittings", columns: []string{"person_id", "helper_id"}, section: "sittings",
		hand: `SELECT si.kind, si.skill, si.begun_at, si.submitted_at, si.right_answers, si.support, h.full_name AS helper, si.answers
			FROM sittings si LEFT JOIN people h ON h.id = si.helper_id WHERE si.person_id IN (?0) ORDER BY si.begun_at`,
		erase: "UPDATE sittings SET answers = '{}' WHERE person_id IN (?0)"},
	{name: "progress_events", columns: []string{"person_id"}}, // the courses again, as they are counted
	{name: "assists", columns: []string{"person_id", "helper_id"}, section: "assists",
		hand: `SELECT a.helper_id IN (?0) AS i_helped, CASE WHEN a.person_id IN (?0) THEN h.full_name END AS helper, a.support, a.started_at, a.ends_at
			FROM assists a JOIN people h ON h.id = a.helper_id WHERE (a.person_id IN (?0) OR a.helper_id IN (?0)) ORDER BY a.started_at`,
		erase: "UPDATE assists SET ends_at = greatest(?1, started_at + interval '1 ms') WHERE (person_id IN (?0) OR helper_id IN (?0)) AND ends_at > ?1"},
	{name: "notices", columns: []string{"person_id"}, section: "notices",
		hand:  "SELECT kind, data, made_at, read_at FROM notices WHERE person_id IN (?0) ORDER BY made_at",
		erase: "UPDATE notices SET data = '{}', withdrawn_at = coalesce(withdrawn_at, ?1) WHERE person_id IN (?0)"},
	{name: "notice_wishes", columns: []string{"person_id"}, section: "notice_wishes",
		hand:  "SELECT channels, daily, quiet_from, quiet_until FROM notice_wishes WHERE person_id IN (?0)",
		erase: "DELETE FROM notice_wishes WHERE person_id IN (?0)"},
	{name: "notice_addresses", columns: []string{"person_id"}, section: "notice_addresses",
		hand:  "SELECT email, asked_at, confirmed_at FROM notice_addresses WHERE person_id IN (?0)",
		erase: "DELETE FROM notice_addresses WHERE person_id IN (?0)"},
	{name: "notice_messages", columns: []string{"person_id"}, section: "notice_messages",
		hand: "SELECT channel, state, made_at, ended_at, masked AS address FROM notice_messages WHERE person_id IN (?0) ORDER BY made_at",
		// What is on its way is dropped by the worker: it writes to nobody who is erased.
		erase: "UPDATE notice_messages SET masked = '' WHERE person_id IN (?0)"},
	{name: "notice_deliveries", columns: []string{"person_id"}}, // of notices, again
	{name: "notice_templates", columns: []string{"changed_by"}}, // the province's words, not a person's
	{name: "calendar_feeds", columns: []string{"person_id"}, section: "calendar_feeds",
		hand:  "SELECT made_at FROM calendar_feeds WHERE person_id IN (?0)",
		erase: "DELETE FROM calendar_feeds WHERE person_id IN (?0)"},
	{name: "program_assignments", columns: []string{"person_id"}, section: "programs",
		hand: `SELECT p.definition->>'title' AS program, a.state, a.joined_on, a.due_on, a.completed_on, a.valid_until, a.past
			FROM program_assignments a JOIN programs p ON p.id = a.program_id WHERE a.person_id IN (?0) ORDER BY a.joined_on`},
	{name: "program_extensions", columns: []string{"person_id", "made_by"}, section: "extensions",
		hand: `SELECT p.definition->>'title' AS program, x.due_on, x.reason, x.made_at, x.ended_at
			FROM program_extensions x JOIN programs p ON p.id = x.program_id WHERE x.person_id IN (?0) ORDER BY x.made_at`,
		erase: "UPDATE program_extensions SET reason = '-' WHERE person_id IN (?0)"},
	{name: "program_exemptions", columns: []string{"person_id", "made_by"}, section: "exemptions",
		hand: `SELECT p.definition->>'title' AS program, x.until, x.reason, x.made_at, x.ended_at
			FROM program_exemptions x JOIN programs p ON p.id = x.program_id WHERE x.person_id IN (?0) ORDER BY x.made_at`,
		erase: "UPDATE program_exemptions SET reason = '-' WHERE person_id IN (?0)"},
	{name: "external_certificates", columns: []string{"person_id", "decided_by"}, section: "externals",
		hand: `SELECT x.title, x.issuer, x.number, x.issued_on, x.minutes, x.link, f.name AS file_name, x.state, x.made_at, x.answer
			FROM external_certificates x LEFT JOIN program_files f ON f.id = x.file_id WHERE x.person_id IN (?0) ORDER BY x.made_at`,
		// What proves it names its holder; that so much was learned stays.
		erase: `WITH proof AS (UPDATE external_certificates SET number = '', link = '-', file_id = NULL, answer = '',
				state = CASE WHEN state = 'waiting' THEN 'withdrawn' ELSE state END WHERE person_id IN (?0))
			DELETE FROM program_files f USING external_certificates x WHERE x.file_id = f.id AND x.person_id IN (?0)`},
	{name: "certificates", columns: []string{"person_id", "revoked_by"}, section: "certificates",
		hand: `SELECT code, facts->>'title' AS record, facts->>'name' AS name, facts->>'unit' AS unit, completed_on, valid_until, issued_at, revoked_at, superseded_at, note
			FROM certificates WHERE person_id IN (?0) ORDER BY issued_at`,
		// Whoever holds the paper learns no more from its code than that the record was withdrawn.
		erase: "UPDATE certificates SET facts = '{}', note = '', erased_at = coalesce(erased_at, ?1) WHERE person_id IN (?0)"},
	{name: "certificate_prints", columns: []string{"made_by"}, section: "prints",
		hand: "SELECT made_at, cardinality(records) AS records FROM certificate_prints WHERE made_by IN (?0) ORDER BY made_at"},
	{name: "certificate_templates", columns: []string{"made_by"}, section: "templates",
		hand: "SELECT revision, made_at FROM certificate_templates WHERE made_by IN (?0) ORDER BY made_at"},
	{name: "certificate_logos", columns: []string{"made_by"}},     // of templates
	{name: "certificate_touched", columns: []string{"person_id"}}, // until the worker has seen it
	{name: "program_files", columns: []string{"made_by"}},         // a decision, or a proof that goes with its certificate
	{name: "programs", columns: []string{"made_by"}, section: "programs_made",
		hand: "SELECT coalesce(definition, draft)->>'title' AS program, made_at FROM programs WHERE made_by IN (?0) ORDER BY made_at"},
	{name: "program_revisions", columns: []string{"made_by"}}, // of programmes, again
	{name: "program_touched", columns: []string{"person_id"}}, // until the worker has seen it
	{name: "program_wakes", columns: []string{"person_id"}},   // when the worker looks again
	{name: "join_codes", columns: []string{"made_by"}, section: "join_codes",
		hand: "SELECT label, made_at, ends_at, uses FROM join_codes WHERE made_by IN (?0) ORDER BY made_at"},
	{name: "person_merges", columns: []string{"kept_id", "merged_id", "made_by", "undone_by"}, section: "merges",
		hand:  "SELECT made_at, undone_at FROM person_merges WHERE (kept_id IN (?0) OR merged_id IN (?0)) ORDER BY made_at",
		erase: "UPDATE person_merges SET moved = moved - 'logins' - 'identities' - 'secrets' WHERE kept_id IN (?0) OR merged_id IN (?0)"},
	{name: "data_requests", columns: []string{"person_id", "ended_by"}, section: "requests",
		hand: "SELECT kind, wish, made_at, due_at, state, ended_at, answer FROM data_requests WHERE person_id IN (?0) ORDER BY made_at",
		// What was open is done with: an erasure by this one, a correction as there is nothing left to correct.
		erase: `UPDATE data_requests SET wish = '', answer = '', ended_at = coalesce(ended_at, ?1),
			state = CASE WHEN state <> 'open' THEN state WHEN kind = 'erasure' THEN 'done' ELSE 'withdrawn' END WHERE person_id IN (?0)`},
	{name: "roster_imports", columns: []string{"made_by", "committed_by"}, section: "imports",
		hand: "SELECT file_name, made_at, state FROM roster_imports WHERE (made_by IN (?0) OR committed_by IN (?0)) ORDER BY made_at"},
	{name: "roster_rows", columns: []string{"person_id"}, section: "import_rows", // until the list is taken over
		hand:  "SELECT full_name, birth_year, phone, email FROM roster_rows WHERE person_id IN (?0)",
		erase: "DELETE FROM roster_rows WHERE person_id IN (?0)"},
	{name: "audit_log", columns: []string{"actor_id", "helper_id", "subject_id"}, section: "log", // masked when written
		hand: `SELECT at, action, CASE WHEN actor_id IN (?0) THEN address END AS address, CASE WHEN subject_id IN (?0) THEN changes END AS changes
			FROM audit_log WHERE (actor_id IN (?0) OR subject_id IN (?0)) ORDER BY at DESC LIMIT 1000`},
}
