package label

import "slices"

// manifestClause is where the checks of Content Credentials are named.
const manifestClause = "C2PA 2.2 15.2"

// manifestGroups are the checks of Content Credentials that can fail, by the standard's names,
// each with what its failing means to a reader. That a signer is not known
// (signingCredential.untrusted) is none: it breaks no rule.
var manifestGroups = map[string]string{
	"claimSignature.mismatch":             "manifest.signature",
	"claimSignature.missing":              "manifest.unsigned",
	"algorithm.unsupported":               "manifest.algorithm",
	"signingCredential.invalid":           "manifest.certificate",
	"signingCredential.expired":           "manifest.validity",
	"claimSignature.outsideValidity":      "manifest.validity",
	"assertion.dataHash.mismatch":         "manifest.content",
	"assertion.bmffHash.mismatch":         "manifest.content",
	"assertion.hashedURI.mismatch":        "manifest.changed",
	"assertion.missing":                   "manifest.missing",
	"claim.hardBindings.missing":          "manifest.unbound",
	"ingredient.manifest.missing":         "manifest.ingredient_missing",
	"ingredient.manifest.mismatch":        "manifest.ingredient_changed",
	"ingredient.claimSignature.mismatch":  "manifest.ingredient_changed",
	"assertion.action.malformed":          "manifest.actions",
	"assertion.action.ingredientMismatch": "manifest.actions",
	"claim.missing":                       "manifest.malformed",
	"claim.multiple":                      "manifest.malformed",
	"claim.cbor.invalid":                  "manifest.malformed",
	"claim.malformed":                     "manifest.malformed",
	"assertion.cbor.invalid":              "manifest.malformed",
	"assertion.outsideManifest":           "manifest.malformed",
	"assertion.undeclared":                "manifest.malformed",
	"assertion.multipleHardBindings":      "manifest.malformed",
	"assertion.dataHash.malformed":        "manifest.malformed",
	"assertion.bmffHash.malformed":        "manifest.malformed",
	"manifest.multipleParents":            "manifest.malformed",
	"manifest.update.wrongParents":        "manifest.malformed",
	"general.error":                       "manifest.unread",
}

// Group names what a fault means to a reader: several checks of Content Credentials may mean the
// same. Every other fault is a group of its own.
func (f Fault) Group() string {
	if g, ok := manifestGroups[f.Code]; ok {
		return g
	}
	return f.Code
}

// Grouped is a mark's faults as a reader is told them: one for each group, with every code and
// clause in it, in the order they were found.
func (m MarkReport) Grouped() []FaultGroup {
	out := []FaultGroup{}
	for _, f := range m.Defects {
		i := slices.IndexFunc(out, func(g FaultGroup) bool { return g.Group == f.Group() && g.Level == f.Level })
		if i < 0 {
			i = len(out)
			out = append(out, FaultGroup{Group: f.Group(), Level: f.Level, Clause: f.Clause})
		}
		if f.Group() != f.Code && !slices.Contains(out[i].Checks, f.Code) {
			out[i].Checks = append(out[i].Checks, f.Code)
		}
	}
	return out
}

// FaultGroup is the faults of a mark that mean the same. Checks are the standard's names of the
// checks that failed, none where the clause says all.
type FaultGroup struct {
	Group  string
	Level  string
	Clause string
	Checks []string
}
