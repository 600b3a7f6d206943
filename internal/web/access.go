package web

import (
	"net/http"
	"slices"
	"strings"

	"loam"
)

// access says who may call a route. It is a set of roles; anyone includes people without
// an account.
type access uint8

const (
	anyone access = 1 << iota
	creators
	reviewers
	operators
	auditors
	admins

	members = creators | reviewers | operators | auditors | admins // whoever is signed in
)

// person marks routes that need a signed-in human being: an API key is not enough.
const person access = 1 << 7

// table is the one authorisation table: every route of the server and who may call it. A
// route that is not here cannot be registered; a test walks every route as every role.
// That a work, version or picture is one's own is checked where it is read: another's is
// 404, as if it did not exist.
var table = map[string]access{
	"GET /{$}":                     anyone,
	"GET /p/{work}":                anyone,
	"GET /p/{work}/{n}":            anyone,
	"GET /p/{work}/{n}/small":      anyone,
	"GET /p/{work}/text":           anyone,
	"GET /p/{work}/sound":          anyone,
	"GET /p/{work}/report":         anyone,
	"POST /p/{work}/report":        anyone,
	"POST /p/{work}/takedown":      operators | admins | person,
	"GET /p/{work}/comments":       anyone,
	"GET /search":                  anyone,
	"GET /u/{handle}":              anyone,
	"GET /t/{topic}":               anyone,
	"GET /transparency":            anyone,
	"GET /verify":                  anyone,
	"GET /log/{path...}":           anyone,
	"GET /robots.txt":              anyone,
	"GET /.well-known/tdmrep.json": anyone,
	"GET /p/{work}/license.xml":    anyone,
	"GET /p/{work}/terms":          anyone,
	"POST /verify":                 anyone,

	"GET /notice":                                     anyone,
	"POST /notice":                                    anyone,
	"GET /notice/{number}":                            anyone,
	"POST /notice/{number}/claims/{claim}":            anyone,
	"POST /notice/{number}/withdraw":                  anyone,
	"POST /api/notices":                               anyone,
	"GET /api/notices/{number}":                       anyone,
	"POST /api/notices/{number}/claims/{claim}":       anyone,
	"DELETE /api/notices/{number}":                    anyone,
	"GET /api/claims":                                 members,
	"POST /api/claims/{id}/counter":                   members | person,
	"GET /api/protections":                            creators | admins,
	"POST /api/protections":                           creators | admins | person,
	"POST /api/protections/proofs":                    creators | admins | person,
	"DELETE /api/protections/proofs/{id}":             creators | admins | person,
	"POST /api/protections/{id}/withdraw":             creators | admins | person,
	"POST /api/protections/{id}/stop-comparing":       creators | admins | person,
	"GET /api/sightings":                              creators | admins,
	"POST /api/sightings/{id}":                        creators | admins | person,
	"GET /api/review/protections":                     reviewers | admins,
	"POST /api/review/protections/{id}/decision":      reviewers | admins | person,
	"GET /api/review/protections/{id}/proofs/{proof}": reviewers | admins,
	"GET /api/suspensions":                            members,
	"POST /api/suspensions/{id}/appeal":               members | person,

	"POST /api/inspect":            anyone,
	"GET /static/":                 anyone,
	"GET /app/":                    anyone,
	"POST /app/{$}":                anyone,
	"GET /healthz":                 anyone,
	"GET /readyz":                  anyone,
	"GET /metrics":                 operators | auditors | admins,
	"GET /api/openapi.yaml":        anyone,
	"GET /api/site":                anyone,
	"GET /api/styles":              anyone,
	"GET /api/feed":                anyone,
	"POST /api/ideas":              anyone,
	"POST /api/covers":             anyone,
	"GET /api/session":             anyone,
	"POST /api/session":            anyone,
	"DELETE /api/session":          anyone,
	"POST /api/demo-session":       anyone,
	"POST /api/accounts":           anyone,
	"POST /api/setup":              anyone,
	"POST /api/works/{id}/reports": anyone,

	"GET /api/search":               anyone,
	"GET /api/creators/{handle}":    anyone,
	"GET /api/topics/{topic}":       anyone,
	"GET /api/works/{id}/related":   anyone,
	"GET /api/works/{id}/comments":  anyone,
	"GET /api/works/{id}/reactions": anyone,
	"GET /api/transparency":         anyone,

	"POST /p/{work}/comments":                       members | person,
	"POST /p/{work}/comments/open":                  members | person,
	"POST /p/{work}/comments/{version}/take":        members | person,
	"POST /p/{work}/comments/{version}/plead":       members | person,
	"POST /p/{work}/react":                          members | person,
	"GET /api/rights":                               creators | admins,
	"PUT /api/rights":                               creators | admins | person,
	"GET /api/rights/acts":                          creators | admins,
	"GET /api/rights/receipts/{leaf}":               creators | admins,
	"POST /api/rights/acts":                         creators | admins | person,
	"POST /api/rights/terms/import":                 creators | admins | person,
	"PUT /api/rights/acts/{leaf}":                   creators | admins | person,
	"DELETE /api/rights/signatures":                 creators | admins | person,
	"GET /api/passkeys":                             creators | admins,
	"POST /api/passkeys/registration":               creators | admins | person,
	"POST /api/passkeys":                            creators | admins | person,
	"DELETE /api/passkeys/{id}":                     creators | admins | person,
	"GET /api/operate/recoveries":                   operators | admins | person,
	"POST /api/operate/recoveries/{id}/vouchers":    operators | admins | person,
	"GET /api/rights/export":                        creators | admins | person,
	"GET /api/rights/corpora":                       creators | admins,
	"GET /api/rights/corpora/{id}/works":            creators | admins,
	"GET /api/rights/corpora/{id}/extract":          creators | admins,
	"PUT /api/account":                              members | person,
	"PUT /api/account/password":                     members | person,
	"GET /api/profile":                              members,
	"GET /api/figures":                              members,
	"GET /api/works/{id}/figures":                   members,
	"POST /api/works/{id}/comments":                 members | person,
	"PUT /api/works/{id}/comments":                  members | person,
	"PUT /api/works/{id}/reactions/{kind}":          members | person,
	"GET /api/settings/feed":                        operators | auditors | admins,
	"PUT /api/settings/feed":                        operators | admins | person,
	"GET /api/events":                               members,
	"POST /api/works":                               members,
	"GET /api/works":                                members,
	"GET /api/works/{id}":                           members,
	"DELETE /api/works/{id}":                        members,
	"PUT /api/works/{id}/draft":                     members,
	"POST /api/works/{id}/arrange":                  members,
	"GET /api/works/{id}/mend":                      members,
	"POST /api/works/{id}/mend":                     members,
	"GET /api/works/{id}/edits":                     members,
	"GET /api/works/{id}/edits/{revision}":          members,
	"POST /api/works/{id}/restore":                  members,
	"GET /api/works/{id}/log":                       members,
	"GET /api/versions/{id}/pack":                   members,
	"GET /api/templates":                            members,
	"POST /api/templates":                           members,
	"DELETE /api/templates/{id}":                    members,
	"POST /api/works/{id}/rewrites":                 members,
	"PUT /api/works/{id}/rewrites":                  members,
	"POST /api/works/{id}/undo":                     members,
	"GET /api/persona":                              members | person,
	"PUT /api/persona":                              members | person,
	"DELETE /api/persona":                           members | person,
	"POST /api/works/{id}/pictures":                 members,
	"POST /api/works/{id}/sounds":                   members,
	"GET /api/works/{id}/pages/{n}":                 members,
	"POST /api/works/{id}/pages/{n}/redraw":         members,
	"POST /api/works/{id}/preview":                  members,
	"GET /api/assets/{id}":                          members,
	"GET /api/assets/{id}/prints/{print}":           members,
	"POST /api/works/{id}/generations":              members,
	"GET /api/works/{id}/generations":               members,
	"POST /api/works/{id}/cost":                     members,
	"GET /api/generations/{id}":                     members,
	"POST /api/generations/{id}/stop":               members,
	"GET /api/generations/{id}/events":              members,
	"POST /api/works/{id}/submit":                   members,
	"GET /api/versions/{id}":                        members,
	"GET /api/versions/{id}/pictures/{n}":           members,
	"GET /api/versions/{id}/sound":                  members,
	"POST /api/versions/{id}/confirm":               members | person,
	"POST /api/versions/{id}/withdraw":              members,
	"POST /api/versions/{id}/appeal":                members | person,
	"POST /api/versions/{id}/exhibits":              members | person,
	"DELETE /api/versions/{id}/exhibits/{exhibit}":  members | person,
	"POST /api/versions/{id}/label-appeals":         members | person,
	"POST /api/versions/{id}/waivers":               members | person,
	"GET /api/waivers/{id}/{field}":                 members | person,
	"POST /api/operate/protected/check":             operators | admins,
	"GET /api/operate/waivers":                      operators | auditors | admins,
	"PUT /api/works/{id}/uses/{use}":                members | person,
	"PUT /api/works/{id}/feedback":                  members,
	"POST /api/screen":                              members,
	"POST /api/screen/batch":                        members,
	"POST /v1/moderations":                          members,
	"POST /v1alpha1/comments:analyze":               members,
	"POST /{$}":                                     members,
	"GET /api/review/queue":                         reviewers | admins,
	"GET /api/review/day":                           reviewers | admins,
	"POST /api/review/cases/{id}/lease":             reviewers | admins | person,
	"GET /api/review/cases/{id}":                    reviewers | admins,
	"GET /api/review/cases/{id}/pictures/{n}":       reviewers | admins,
	"GET /api/review/cases/{id}/sound":              reviewers | admins,
	"GET /api/review/cases/{id}/exhibits/{exhibit}": reviewers | admins,
	"POST /api/review/cases/{id}/decision":          reviewers | admins | person,
	"POST /api/review/cases/{id}/skip":              reviewers | admins | person,
	"POST /api/review/cases/{id}/release":           reviewers | admins | person,
	"POST /api/review/cases/{id}/escalate":          reviewers | admins | person,
	"POST /api/review/decisions/{id}/undo":          reviewers | admins | person,
	"POST /api/works/{id}/takedown":                 operators | admins | person,
	"GET /api/operate/figures":                      operators | auditors | admins,
	"GET /api/operate/jobs":                         operators | admins,
	"POST /api/operate/jobs/{id}/retry":             operators | admins,
	"GET /api/operate/detectors":                    operators | auditors | admins,
	"GET /api/operate/policy":                       operators | auditors | reviewers | admins,
	"GET /api/operate/phrases":                      operators | admins,
	"POST /api/operate/phrases":                     operators | admins,
	"DELETE /api/operate/phrases/{id}":              operators | admins,
	"GET /api/operate/models":                       operators | admins,
	"GET /api/operate/spend":                        operators | auditors | admins,
	"PUT /api/operate/spend":                        operators | admins | person,
	"PUT /api/operate/model":                        operators | admins | person,
	"POST /api/operate/model/test":                  operators | admins | person,
}

var roleBits = map[loam.Role]access{
	loam.Creator: creators, loam.Reviewer: reviewers, loam.Operator: operators, loam.Auditor: auditors, loam.Admin: admins,
}

// bits is what an account may count as; nil is somebody not signed in.
func bits(a *loam.Account) access {
	if a == nil {
		return anyone
	}
	b := anyone
	for role, bit := range roleBits {
		if a.Has(role) {
			b |= bit
		}
	}
	return b
}

// allow is the one decision of the table for a route and a caller.
func allow(route string, c caller) error {
	who := table[route]
	switch {
	case who&bits(c.account)&^person != 0 && (who&person == 0 || c.human):
		return nil
	case c.account == nil:
		return loam.Fail(loam.SignedOut, "session.needed")
	case who&person != 0 && !c.human:
		return loam.Fail(loam.Denied, "session.person")
	default:
		return loam.Fail(loam.Denied, "role.needed")
	}
}

// mustHaveEntry stops a server with a route that nobody said who may call.
func mustHaveEntry(route string) {
	if _, ok := table[route]; !ok {
		panic("route without an entry in the authorisation table: " + route) // found at start, by every test
	}
}

// guard puts a route behind the table.
func (s *Server) guard(route string, h http.HandlerFunc) http.HandlerFunc {
	mustHaveEntry(route)
	return func(w http.ResponseWriter, r *http.Request) {
		if err := s.admit(route, callerOf(r.Context())); err != nil {
			s.fail(w, r, err)
			return
		}
		h(w, r)
	}
}

// Route is one line of the authorisation table, for tests and the handbook.
type Route struct {
	Pattern string
	Roles   []loam.Role // who may call it beside an administrator's own right; nil where Anyone
	Anyone  bool        // no account needed
	Person  bool        // a signed-in human being, never a key
}

// Table lists the authorisation table by pattern.
func Table() []Route {
	out := make([]Route, 0, len(table))
	for pattern, who := range table {
		r := Route{Pattern: pattern, Anyone: who&anyone != 0, Person: who&person != 0}
		for _, role := range loam.Roles() {
			if who&roleBits[role] != 0 {
				r.Roles = append(r.Roles, role)
			}
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Route) int { return strings.Compare(a.Pattern, b.Pattern) })
	return out
}
