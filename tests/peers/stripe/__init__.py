"""A stand-in for the card processor (Stripe): stateful, over real HTTP, strict, with a clock, and trouble on request.

In a test:

    with StripeStandIn() as peer:                        # from tests.peers.stripe.stand_in; seed=, settles=, start=
        client = StripeClient(peer.keys.web, base_addresses={"api": peer.url})    # or peer.client("web")
        token = peer.token(country="DE")                 # a confirmation token's id; or number="4000000000009995"
        token = peer.token(country="US", wallet="apple_pay", challenge=True, decline="insufficient_funds",
                           renewal="generic_decline" or "challenge", then_country="RU", email="…",
                           type="sepa_debit" or "link", later=…)   # all fields: tests.peers.stripe.cards.Card
        peer.keys.web | .worker | .operator              # restricted keys, each with its own permissions
        peer.publishable, peer.webhook_secret, peer.account, peer.script_url       # the script: <script src=script_url>
        peer.script_calls                                # what browsers asked of /v3/
        peer.requests                                    # every call: .method .path .params .key .idempotency_key
        peer.calls("POST")                               # the same, as "POST /v1/payment_intents"
        peer.clock.now; peer.clock.advance(days=31)      # works off what falls due: renewals, retries, SEPA, payouts
        peer.rows("payment_intents")                     # the objects themselves, oldest first; peer.row(id) for one

    Trouble (for the next `times` calls whose path begins with `path`; times=None until peer.mend()):
        peer.trouble("down" | "500" | "500_after" | "cut_after" | "hang_after" | "429" | "latency",
                     times=1, path="/v1/payment_intents", method="POST", seconds=0.2)
        "…_after": the work is done, and the answer is lost or a 500

    Acts of the world outside:
        peer.pay(200, "usd", country="DE") -> PaymentIntent, all of it at once, without HTTP
        peer.complete_challenge(intent_id) / peer.fail_challenge(intent_id)
        peer.flip_country(payment_method_id, "RU")       # the card updater, with its event
        peer.dispute(charge_id, amount=None, inquiry=False); peer.win(dispute_id); peer.lose(dispute_id)
        peer.warn(charge_id)                             # early fraud warning
        peer.refund(charge_id, amount=None)              # from the dashboard
        peer.fail_refund(refund_id); peer.payout("eur"); peer.fail_payout(payout_id)
        peer.payouts_every_day()                         # from now on
        peer.fee(150, "eur"); peer.unknown_money(-7, "eur", kind="quantum_fee")
        peer.drift("payment_methods.link", True)         # the account's settings change; also portal.…, webhook.…
        peer.drift("browser.wallets", ["google_pay"])    # the payer's device has a wallet: one more tab in the frame
        peer.random_acts(500, seed=7)                    # random acts of the above, the same for the same seed

    Webhooks:
        peer.deliver_to(url)                             # or deliver_to(callable(body, headers) -> status)
        peer.deliver()                                   # sends all that is due, in this thread; returns statuses
        peer.deliver_to(url, by_itself=True)             # a thread sends at once
        peer.chaos.duplicate = 0.3; .drop = 0.1; .shuffle = True; .delay = 0.05 (three days on the clock)
        peer.signed(event_id) -> (body, headers)         # a true delivery, to be replayed or altered
        peer.forge(kind) -> (body, headers)              # kinds in tests.peers.stripe.chaos.FORGERIES

`python -m tests.peers.stripe` runs one as a process; `/_control/…` then does over HTTP what the methods above do.
"""
