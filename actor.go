package loam

import "context"

type actorKey struct{}

// Acting is a context in which an account acts. What is written in it is written only while the account
// is not disabled: a request may have been let in before.
func Acting(ctx context.Context, account string) context.Context {
	return context.WithValue(ctx, actorKey{}, account)
}

// Actor is who acts in a context, "" for nobody or the program itself.
func Actor(ctx context.Context) string {
	account, _ := ctx.Value(actorKey{}).(string)
	return account
}
