package policy

import (
	"fmt"
	"reflect"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"

	"loam"
)

// Cost limits in CEL's units, about one per step of an expression: `of` sees one finding,
// `when` all of them.
const (
	ofCost   = 10_000
	whenCost = 1_000_000
)

// rule is a rule ready to run.
type rule struct {
	ruleText
	of, when cel.Program
}

// finding and note are what expressions can read; names in them are the policy's words.
type finding struct {
	Risk     string            `cel:"risk"`
	Detector string            `cel:"detector"`
	Field    string            `cel:"field"`
	Text     string            `cel:"text"`
	Score    float64           `cel:"score"`
	Tier     string            `cel:"tier"`
	Layers   []string          `cel:"layers"`
	Facts    map[string]string `cel:"facts"`
}

// Note is what a policy may know of the note itself, beside the findings.
type Note struct {
	Kind        string `cel:"kind"`        // one of the note kinds, "" for a bare text
	AI          string `cel:"ai"`          // is, may, suspected or none: what Loam knows
	Declared    bool   `cel:"declared"`    // its creator declares that a model made it
	Sponsorship string `cel:"sponsorship"` // own, gift, paid or ""
	Audience    string `cel:"audience"`    // public, unlisted, me
	Pictures    int    `cel:"pictures"`
	NewAccount  bool   `cel:"new_account"` // the account is younger than seven days
	Refused     int    `cel:"refused"`     // versions of the account refused or removed so far
}

// environment declares the variables. It is made once per policy: CEL's environments are
// immutable, but a private one keeps the package free of globals.
func environment() (*cel.Env, error) {
	return cel.NewEnv(
		ext.NativeTypes(reflect.TypeFor[finding](), reflect.TypeFor[Note](), ext.ParseStructTags(true)),
		cel.Variable("finding", cel.ObjectType("policy.finding")),
		cel.Variable("findings", cel.ListType(cel.ObjectType("policy.finding"))),
		cel.Variable("found", cel.ListType(cel.ObjectType("policy.finding"))),
		cel.Variable("note", cel.ObjectType("policy.Note")),
		cel.Variable("missing", cel.ListType(cel.StringType)),
		cel.Variable("absent", cel.ListType(cel.StringType)),
		cel.ParserExpressionSizeLimit(10_000),
		cel.ParserRecursionLimit(60),
	)
}

func (p *Policy) compile(texts []ruleText) error {
	env, err := environment()
	if err != nil {
		return fmt.Errorf("policy environment: %w", err)
	}
	seen := map[string]bool{missingRule: true}
	for _, t := range texts {
		if t.Name == "" || seen[t.Name] {
			return badRule(t.Name, "the name is empty, taken or reserved")
		}
		seen[t.Name] = true
		r, err := compileRule(env, t)
		if err != nil {
			return err
		}
		p.rules = append(p.rules, r)
	}
	return nil
}

func compileRule(env *cel.Env, t ruleText) (rule, error) {
	r := rule{ruleText: t}
	switch {
	case t.Then.Severity() < 0:
		return r, badRule(t.Name, "then must be allow, limit, review or block")
	case t.Reason != "" && !KnownRisk(loam.Risk(t.Reason)):
		return r, badRule(t.Name, "the reason is not a risk")
	case t.Zh == "" || t.En == "":
		return r, badRule(t.Name, "a sentence is missing")
	case t.Of == "" && t.When == "":
		return r, badRule(t.Name, "it has neither of nor when")
	case t.Of == "" && t.Reason == "":
		return r, badRule(t.Name, "a rule without of needs a reason")
	}
	var err error
	if r.of, err = program(env, t.Name, t.Of, ofCost); err != nil {
		return r, err
	}
	r.when, err = program(env, t.Name, t.When, whenCost)
	return r, err
}

// program compiles one expression, nil for an empty one.
func program(env *cel.Env, name, expression string, limit uint64) (cel.Program, error) {
	if strings.TrimSpace(expression) == "" {
		return nil, nil
	}
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		return nil, badRule(name, issues.Err().Error())
	}
	if ast.OutputType() != cel.BoolType {
		return nil, badRule(name, "the expression gives no yes or no")
	}
	prg, err := env.Program(ast, cel.CostLimit(limit), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, badRule(name, err.Error())
	}
	return prg, nil
}

func badRule(name, why string) error { return loam.Fail(loam.Invalid, "policy.rule", name, why) }
