SELECT nextval('bare_next') AS n \gset
BEGIN;
UPDATE bare_attempts SET state = 'submitted', submission_id = gen_random_uuid(), receipt = md5((:n)::text), submitted_at = now(),
  answers = '{"cau-1":["a"],"cau-2":["a"],"cau-3":["b"],"cau-4":["a"],"cau-5":["a"],"cau-6":["a"],"cau-7":["b"],"cau-8":["a"],"cau-9":["a"],"cau-10":["a"]}'
  WHERE id = ('d0000000-0000-7000-8000-' || lpad(to_hex(:n), 12, '0'))::uuid AND state = 'open';
COMMIT;
BEGIN;
UPDATE bare_attempts SET state = 'graded', graded_at = now(), right_answers = 8, score = 80, passed = true
  WHERE id = ('d0000000-0000-7000-8000-' || lpad(to_hex(:n), 12, '0'))::uuid AND state = 'submitted';
UPDATE bare_enrolments SET best_score = 80, passed_at = now()
  WHERE id = ('c0000000-0000-7000-8000-' || lpad(to_hex(:n), 12, '0'))::uuid;
INSERT INTO bare_events (kind, person_id, unit_id, course_id, enrolment_id, attempt_id, score, at)
  SELECT 'graded', person_id, unit_id, course_id, id, ('d0000000-0000-7000-8000-' || lpad(to_hex(:n), 12, '0'))::uuid, 80, now()
  FROM bare_enrolments WHERE id = ('c0000000-0000-7000-8000-' || lpad(to_hex(:n), 12, '0'))::uuid;
COMMIT;
