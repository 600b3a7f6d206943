package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"loam"
	"loam/internal/store"
	"loam/internal/web"
)

type accountCmd struct {
	List     accountListCmd     `cmd:"" help:"List the accounts with their roles."`
	Role     accountRoleCmd     `cmd:"" help:"Give an account exactly these roles."`
	Disable  accountDisableCmd  `cmd:"" help:"Keep an account from signing in and from using its keys."`
	Enable   accountEnableCmd   `cmd:"" help:"Let a disabled account sign in again."`
	Password accountPasswordCmd `cmd:"" help:"Give an account a new password, printed once; its sessions are over."`
	Erase    accountEraseCmd    `cmd:"" help:"Delete for good what there is of an account, upon its holder's request."`
	Export   accountExportCmd   `cmd:"" help:"Write everything an account made and granted into one file."`
	Import   accountImportCmd   `cmd:"" help:"Take such a file into an empty installation; prints the account's handle and new password."`
}

// accountLine is an account as an operator of the machine sees it.
type accountLine struct {
	ID       string      `json:"id"`
	Handle   string      `json:"handle"`
	Name     string      `json:"name"`
	Roles    []loam.Role `json:"roles"`
	Disabled bool        `json:"disabled"`
	Created  int64       `json:"created"`
}

// tell prints one account, as JSON or as a line.
func (a *app) tell(account loam.Account, asJSON bool) error {
	line := accountLine{account.ID, account.Handle, account.Name, account.Roles, account.Disabled, account.Created}
	if asJSON {
		return json.NewEncoder(a.out).Encode(line)
	}
	roles := make([]string, len(line.Roles))
	for i, r := range line.Roles {
		roles[i] = string(r)
	}
	state := "enabled"
	if line.Disabled {
		state = "disabled"
	}
	_, err := fmt.Fprintf(a.out, "%s\t%s\t%s\t%s\t%s\n", line.Handle, strings.Join(roles, ","), state, time.UnixMilli(line.Created).UTC().Format(time.DateOnly), line.Name)
	return err
}

// with opens the database of a place for one piece of work; a server may run beside.
func (p place) with(a *app, work func(*store.DB) error) (err error) {
	db, _, err := p.open(a.ctx, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return p.elsewhere(work(db))
}

type accountListCmd struct {
	place
	JSON bool `help:"JSON Lines."`
}

// Run lists accounts by handle.
func (c *accountListCmd) Run(a *app) error {
	return c.with(a, func(db *store.DB) error {
		list, err := db.Accounts(a.ctx)
		if len(list) == 0 && err == nil && !c.JSON {
			_, err = fmt.Fprintln(a.out, "no accounts yet: the first start of loam serve prints a link for the first administrator")
			if dir := c.demo(); dir != "" && err == nil {
				_, err = fmt.Fprintf(a.out, "a demo's data lies in %s: name that with --data\n", dir)
			}
		}
		for _, account := range list {
			err = errors.Join(err, a.tell(account, c.JSON))
		}
		return err
	})
}

type accountRoleCmd struct {
	place
	Account string `help:"The account's handle." required:""`
	Roles   string `arg:"" help:"Roles with commas between: creator, reviewer, operator, auditor, admin."`
	JSON    bool   `help:"One JSON object."`
}

// Run sets the roles; they count from the account's next request.
func (c *accountRoleCmd) Run(a *app) error {
	asked := strings.Split(c.Roles, ",")
	for _, r := range asked {
		if !slices.Contains(loam.Roles(), loam.Role(r)) {
			return loam.Fail(loam.Invalid, "role.unknown", r)
		}
	}
	roles := []loam.Role{}
	for _, r := range loam.Roles() { // each once, in one order
		if slices.Contains(asked, string(r)) {
			roles = append(roles, r)
		}
	}
	return c.with(a, func(db *store.DB) error {
		account, err := db.SetRoles(a.ctx, c.Account, roles)
		if err != nil {
			return err
		}
		return a.tell(account, c.JSON)
	})
}

type accountDisableCmd struct {
	place
	Account string `help:"The account's handle." required:""`
	JSON    bool   `help:"One JSON object."`
}

// Run ends what the account may do, from its next request on; its notes stay.
func (c *accountDisableCmd) Run(a *app) error { return disable(a, c.place, c.Account, true, c.JSON) }

type accountEnableCmd struct {
	place
	Account string `help:"The account's handle." required:""`
	JSON    bool   `help:"One JSON object."`
}

// Run gives back what disabling took.
func (c *accountEnableCmd) Run(a *app) error { return disable(a, c.place, c.Account, false, c.JSON) }

type accountEraseCmd struct {
	place
	Name string `arg:"" help:"The account's handle, or the id that was printed when it was erased."`
	Yes  bool   `help:"It cannot be undone, and is done."`
	JSON bool   `help:"One JSON object."`
}

// Run erases, and prints what it did; a server may run beside, and empties the files of her
// signatures beside the log.
func (c *accountEraseCmd) Run(a *app) error {
	if !c.Yes {
		return fmt.Errorf("%w: nothing brings %s back afterwards: make sure that it is her own wish, offer her loam account export, and give --yes", errUse, c.Name)
	}
	return c.with(a, func(db *store.DB) error {
		e, err := db.EraseAccount(a.ctx, strings.ToLower(c.Name))
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.out).Encode(e)
		}
		_, err = fmt.Fprintf(a.out, "erased: %d works deleted, %d protections withdrawn, %d passkeys retired, %d signatures destroyed.\nwhat the law has kept stands under %s\n",
			e.Works, e.Protections, e.Passkeys, e.Signatures, e.Account)
		return err
	})
}

type accountPasswordCmd struct {
	place
	Account string `help:"The account's handle." required:""`
}

// Run makes a new password for who forgot hers.
func (c *accountPasswordCmd) Run(a *app) error {
	return c.with(a, func(db *store.DB) error {
		account, _, err := db.AccountByHandle(a.ctx, strings.ToLower(c.Account))
		if err != nil {
			return err
		}
		password := loam.NewSecret()
		if err := db.SetPassword(a.ctx, account.ID, web.HashPassword(password)); err != nil {
			return err
		}
		_, err = fmt.Fprintln(a.out, password)
		return err
	})
}

func disable(a *app, p place, handle string, disabled, asJSON bool) error {
	return p.with(a, func(db *store.DB) error {
		account, err := db.SetDisabled(a.ctx, handle, disabled)
		if err != nil {
			return err
		}
		return a.tell(account, asJSON)
	})
}
