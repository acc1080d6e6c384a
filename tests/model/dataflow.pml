/* A model of what carries the promise "nothing taken is lost": commit, duty,
 * relay, retry, take-over, receipt. An uploader U pushes two chunks to A; the
 * list is a chain (A, then B, then C) or, with -DSET, a set (A, then B and C).
 * FAULTS of these come between any two steps: a power cut (what is not synced
 * may be lost or not, each for itself), one process killed, the end of a
 * connection lost, a chunk that cannot be read when it is to be sent.
 *
 *   -DREFUSES=h     host h refuses the second chunk for good
 *   -DNARROW        the rules of A do not allow C
 *   -DRECEIPT       a wrapper: a reset may look like an orderly end, and what
 *                   counts is what the target has published
 *   -DBUG_name      a mutant: see there; a counterexample must be found
 *
 * A change and the sync of the change before it are one step: what a crash in
 * between leaves is what the loss of the change leaves. For the same reason a
 * piece goes from the sender to the server in one step.
 *
 * In every state: of what was acknowledged each host of the list has a durable
 * copy, or somebody durably owes it one (KEPT). At the end, when nothing can
 * move any more: every duty has ended but those that are refused for good. */

#define A 0
#define B 1
#define C 2
#define HOSTS 3

/* Connections, each with its sender and its server; the duties that a sender
 * keeps have the same number. */
#define UA 0
#define AB 1
#define AC 2
#define BC 3
#define from(p) ((p) == BC -> B : A)
#define to(p) ((p) == UA -> A : ((p) == AB -> B : C))

/* A connection. The server's word stands until the sender has read it, a cut
 * until the server has. WORK: closed, but its sender has something to do. */
#define CLOSED 0
#define OPEN 1
#define ENDED 2
#define CUT 3
#define FIN 4
#define RST 5
#define WORK 6

/* A duty byte, as in the commit: OVER is B there. */
#define NONE 0
#define TODO 1
#define OVER 2
#define DONE 3

#define BIT(c) (1 << (c))
#define HAS(set, c) (((set) >> (c)) & 1)

#ifndef FAULTS
#define FAULTS 1
#endif
#ifndef REFUSES
#define REFUSES 9
#endif
#define refuses(h, c) ((c) == 1 && (h) == REFUSES)
#ifdef NARROW
#define allows(p) ((p) != AC)
#else
#define allows(p) 1
#endif
#ifdef SET
#define chain 0
#else
#define chain 1
#endif
#ifdef RECEIPT
#define receipts 1
#else
#define receipts 0
#endif

/* The store: as everybody sees it, and as it is after a power cut. */
byte data[HOSTS], safe_data[HOSTS];   /* sets of chunks in md5/ */
byte alone[HOSTS], safe_alone[HOSTS]; /* taken with an empty list */
byte duty[8], safe_duty[8];           /* [2 * connection + chunk] */
#define DUTY(p, c) duty[2 * (p) + (c)]
#define SAFE(p, c) safe_duty[2 * (p) + (c)]

/* The stream that a host receives and passes on: its orders. */
byte got[2], lost[2]; /* of A, of B */
byte over[2];         /* 0: it still comes; 1: it has ended; 2: dfserve died */
bit live[2];
bit begun[4]; /* a relay follows it, or did */

byte conn[4];
bit list[4];     /* what is sent with it has a list that is not empty */
bit served[4];   /* dfserve runs */
byte pending[4]; /* what it has that is not committed */
byte group[4];   /* of that: its commit is linked */
#ifdef BUG_DUPLICATE_NOT_SYNCED
byte here[4]; /* what it found when it began */
#endif
bit bad[4];      /* it has refused a chunk */
bit up[HOSTS];
bit kill_sender[4];
bit acknowledged;
byte faults = FAULTS;

#define open_duty(d) ((d) == TODO || (d) == OVER)
#define owed(p, c) (open_duty(DUTY(p, c)) && open_duty(SAFE(p, c)))
#define owed_all(p, c) (DUTY(p, c) == TODO && SAFE(p, c) == TODO)
#ifdef SET
#define wanted(h) ((h) != C || allows(AC))
#else
#define wanted(h) 1
#endif
#define kept_b(c) (HAS(safe_data[B], c) || owed(AB, c))
#define kept_c(c) \
  (HAS(safe_data[C], c) || owed(AC, c) || owed(BC, c) || \
   (chain && owed_all(AB, c)))
#define KEPT \
  (!acknowledged || \
   (safe_data[A] == 3 && kept_b(0) && kept_b(1) && \
    (!wanted(C) || (kept_c(0) && kept_c(1)))))
#define true_done(p, c) (DUTY(p, c) != DONE || HAS(safe_data[to(p)], c))

inline check() {
  assert(KEPT);
  assert(true_done(AB, 0) && true_done(AB, 1) && true_done(AC, 0) &&
         true_done(AC, 1) && true_done(BC, 0) && true_done(BC, 1))
}

/* --- a server: dfserve */

inline accept(p) {
  conn[p] = OPEN; served[p] = 1;
#ifdef BUG_DUPLICATE_NOT_SYNCED
  here[p] = data[to(p)];
#endif
  if
  :: to(p) != C && list[p] ->
    got[to(p)] = 0; lost[to(p)] = 0; over[to(p)] = 0; live[to(p)] = 1;
    if
    :: p == UA -> begun[AB] = 0; begun[AC] = 0
    :: else -> begun[BC] = 0
    fi
  :: else
  fi
}

inline receive(p, c) {
  if
  :: !refuses(to(p), c) ->
    pending[p] = pending[p] | BIT(c);
    data[to(p)] = data[to(p)] | BIT(c);
    if
    :: to(p) != C && list[p] -> got[to(p)] = got[to(p)] | BIT(c)
    :: else
    fi
  :: else -> bad[p] = 1; receive_lost(p, c)
  fi
}

inline receive_lost(p, c) {
  if
  :: to(p) != C && list[p] -> lost[to(p)] = lost[to(p)] | BIT(c)
  :: else
  fi
}

inline orders_end(p, how) {
  if
  :: to(p) != C && list[p] -> over[to(p)] = how; live[to(p)] = 0
  :: else
  fi
}

/* Data and directories are synced, also what was here already; the commit is
 * linked. A chunk that was taken before with this list makes no new duties. */
inline commit(p) {
  group[p] = pending[p];
#ifdef BUG_DUPLICATE_NOT_SYNCED
  safe_data[to(p)] = safe_data[to(p)] | (group[p] & ~here[p]);
#else
#ifndef BUG_DATA_NOT_SYNCED
  safe_data[to(p)] = safe_data[to(p)] | group[p];
#endif
#endif
  if
  :: !list[p] -> alone[to(p)] = alone[to(p)] | group[p]
  :: list[p] && p == UA -> new_duty(0); new_duty(1)
  :: list[p] && p == AB -> new_duty_of_b(0); new_duty_of_b(1)
  fi
}

inline new_duty(c) {
  if
  :: HAS(group[UA], c) ->
    DUTY(AB, c) = TODO;
    DUTY(AC, c) = (!chain && allows(AC) -> TODO : DUTY(AC, c))
  :: else
  fi
}

inline new_duty_of_b(c) {
  if
  :: HAS(group[AB], c) && DUTY(BC, c) == NONE -> DUTY(BC, c) = TODO
  :: else
  fi
}

#define synced(q, c) (HAS(group[p], c) -> DUTY(q, c) : SAFE(q, c))

inline sync_commit(p) {
#ifndef BUG_COMMIT_NOT_SYNCED
  if
  :: !list[p] ->
    safe_alone[to(p)] = safe_alone[to(p)] | (alone[to(p)] & group[p])
  :: list[p] && p == UA ->
    SAFE(AB, 0) = synced(AB, 0); SAFE(AB, 1) = synced(AB, 1);
    if
    :: !chain -> SAFE(AC, 0) = synced(AC, 0); SAFE(AC, 1) = synced(AC, 1)
    :: else
    fi
  :: list[p] && p == AB ->
    SAFE(BC, 0) = synced(BC, 0); SAFE(BC, 1) = synced(BC, 1)
  fi;
#endif
  pending[p] = pending[p] & ~group[p]; group[p] = 0;
  check()
}

inline end_server(p) {
  orders_end(p, 1);
  served[p] = 0; pending[p] = 0; group[p] = 0; bad[p] = 0
}

/* What was whole when it was cut off is kept. */
proctype Server(byte p) {
  do
  :: atomic { served[p] && pending[p] && !group[p] -> commit(p) }
  :: atomic { served[p] && group[p] -> sync_commit(p) }
  :: atomic {
      served[p] && !pending[p] && (conn[p] == ENDED || conn[p] == CUT) ->
      if
      :: conn[p] == CUT -> conn[p] = CLOSED
      :: conn[p] == ENDED && !bad[p] -> conn[p] = FIN
      :: conn[p] == ENDED && bad[p] -> conn[p] = RST
      :: conn[p] == ENDED && bad[p] && receipts && p != UA -> conn[p] = FIN
      fi;
      end_server(p)
    }
  od
}

/* --- a sender: dfrelay while the stream arrives, dfretry afterwards */

inline hang_up(p) {
  conn[p] = ((conn[p] == OPEN || conn[p] == ENDED) && served[p] -> CUT :
             (conn[p] == CUT -> CUT : CLOSED))
}

/* The chunk goes, or it cannot be read: then it is given up, and the sender
 * remembers that. */
inline send(p) {
  if
  :: receive(p, next); sent = sent | BIT(next)
  :: faults > 0 ->
    faults--;
#ifdef BUG_LEFT_OUT
    sent = sent | BIT(next)
#else
    receive_lost(p, next); partly = 1
#endif
  fi;
  next++
}

/* What the target has published as taken with this list. */
#define published(p, c) \
  (list[p] -> SAFE(BC, c) != NONE : HAS(safe_alone[to(p)], c))
#define noted(p, c) \
  (HAS(sent, c) && (!receipts || published(p, c)) && \
   DUTY(p, c) == (p == AB && chain && !list[p] -> OVER : TODO))

inline note(p) {
  c = 0;
  do
  :: c < 2 ->
    if
    :: noted(p, c) -> DUTY(p, c) = DONE
    :: else
    fi;
    c++
  :: else -> break
  od;
  c = 0
}

inline sync_duties(p) {
  SAFE(p, 0) = DUTY(p, 0); SAFE(p, 1) = DUTY(p, 1);
  check()
}

/* The branch of a target that does not take it: a duty to each of its head,
 * the target's own copy alone. */
#define taken_over(p, c) \
  (p == AB && chain && allows(AC) && HAS(which, c) && DUTY(AB, c) == TODO)

inline take_over(p) {
  if
  :: taken_over(p, 0) || taken_over(p, 1) ->
    atomic {
      if
      :: taken_over(p, 0) -> DUTY(AC, 0) = TODO
      :: else
      fi;
      if
      :: taken_over(p, 1) -> DUTY(AC, 1) = TODO
      :: else
      fi
    };
    atomic {
#ifndef BUG_TAKE_OVER_NOT_SYNCED
      SAFE(AC, 0) = DUTY(AC, 0); SAFE(AC, 1) = DUTY(AC, 1);
#endif
      if
      :: taken_over(p, 0) -> DUTY(AB, 0) = OVER
      :: else
      fi;
      if
      :: taken_over(p, 1) -> DUTY(AB, 1) = OVER
      :: else
      fi;
      check()
    };
    atomic { sync_duties(AB) }
  :: else
  fi
}

/* Those with a list go together, those without apart from them. What was
 * refused alone waits. */
#define due(p, c, state) \
  (DUTY(p, c) == state && !(HAS(vain, c) && refuses(to(p), c)))
#define set_due(p, state) \
  ((due(p, 0, state) -> 1 : 0) | (due(p, 1, state) -> 2 : 0))

inline collect(p) {
  which = set_due(p, TODO);
  list[p] = (which && p == AB && chain);
  which = (which -> which : set_due(p, OVER));
  which = (single && which == 3 -> 1 : which);
  next = (which == 2 -> 1 : 0)
}

/* The list's head at the host that has the stream has this target. */
#define in_head(p) \
  ((p == AB) || (p == AC && !chain && allows(AC)) || (p == BC && chain))
#define relays(p) (live[from(p)] && in_head(p) && !begun[p])

inline finish(p) {
  conn[p] = (conn[p] == WORK -> CLOSED : conn[p]);
  sent = 0; which = 0; c = 0; partly = 0; next = 0; follows = 0
}

proctype Sender(byte p) {
  byte sent, which, c, vain, next;
  bit partly, single, follows;
again:
  {
    do
    /* The stream as it arrives. Where it cannot be sent it is dfretry's. */
    :: atomic {
        up[from(p)] && relays(p) && conn[p] == CLOSED && !served[p] ->
        begun[p] = 1;
        assert(allows(p));
        if
        :: up[to(p)] -> list[p] = (p == AB && chain); follows = 1; accept(p)
        :: else
        fi
      }
    /* What is owed. */
    :: atomic {
        up[from(p)] && !live[from(p)] && conn[p] == CLOSED && !served[p] &&
        (set_due(p, TODO) || set_due(p, OVER)) ->
        collect(p);
        assert(allows(p));
        if
        :: up[to(p)] -> accept(p)
        :: else -> conn[p] = WORK
        fi
      };
      if
      :: conn[p] == WORK ->
        take_over(p);
        atomic { up[to(p)] -> finish(p) } /* it waits, longer and longer */
      :: else
      fi
    :: atomic {
        conn[p] == OPEN && follows && next < 2 && HAS(got[from(p)], next) ->
        send(p)
      }
    :: atomic {
        conn[p] == OPEN && follows && next < 2 &&
        (HAS(lost[from(p)], next) ||
         (over[from(p)] == 1 && !HAS(got[from(p)], next))) ->
        receive_lost(p, next); next++
      }
    :: atomic {
        conn[p] == OPEN && follows && over[from(p)] == 2 ->
        hang_up(p); finish(p)
      }
    :: atomic {
        conn[p] == OPEN && !follows && next < 2 && HAS(which, next) -> send(p)
      }
    /* The end mark, after the own commit. */
    :: atomic {
        conn[p] == OPEN && (follows -> next == 2 && over[from(p)] == 1 :
          next == 2 || !HAS(which, next)) ->
        conn[p] = ENDED
#ifdef BUG_NOTED_AT_END
        ; note(p)
#endif
      }
    :: atomic {
        conn[p] == FIN && !partly || (conn[p] == FIN || conn[p] == RST) &&
          receipts ->
        conn[p] = WORK;
        note(p);
        single = (receipts && !follows && which == 3);
        which = (follows -> 0 : which)
      };
      atomic { sync_duties(p) };
      atomic {
        which = which & ((open_duty(DUTY(p, 0)) -> 1 : 0) |
                         (open_duty(DUTY(p, 1)) -> 2 : 0));
        which = (which == 3 || !receipts -> 0 : which);
        vain = vain | which
      };
      take_over(p);
      atomic { finish(p) }
    :: atomic {
        (conn[p] == RST || conn[p] == FIN && partly) && !receipts ->
        conn[p] = WORK;
        single = (which == 3 -> 1 : single);
        which = (which == 3 -> 0 : which);
        vain = vain | which
      };
      take_over(p);
      atomic { finish(p) }
    od
  } unless {
    atomic {
      kill_sender[p] ->
      kill_sender[p] = 0; vain = 0; single = 0;
      finish(p)
    }
  };
  goto again
}

/* Pushes until it is told that all is stored. */
proctype Uploader() {
  byte next;
again:
  {
    do
    :: atomic {
        up[A] && conn[UA] == CLOSED && !served[UA] && !acknowledged ->
        list[UA] = 1; next = 0; accept(UA)
      }
    :: atomic {
        conn[UA] == OPEN && next < 2 -> receive(UA, next); next++
      }
    :: atomic { conn[UA] == OPEN && next == 2 -> conn[UA] = ENDED }
    :: atomic { conn[UA] == RST -> conn[UA] = CLOSED }
    :: atomic { conn[UA] == FIN -> conn[UA] = CLOSED; acknowledged = 1; check() }
    od
  } unless {
    atomic { kill_sender[UA] -> kill_sender[UA] = 0 }
  };
  goto again
}

/* --- what may happen between any two steps */

inline kill_one_sender(p) {
  if
  :: conn[p] != CLOSED -> kill_sender[p] = 1; hang_up(p)
  :: else
  fi
}

inline kill_one_server(p) {
  if
  :: served[p] ->
    end_server(p); orders_end(p, 2);
    conn[p] = (conn[p] == OPEN || conn[p] == ENDED -> RST : CLOSED)
  :: else
  fi
}

/* Each thing that is not synced is there afterwards, or not. */
inline settle_set(a, safe) {
  if
  :: (a ^ safe) & 1 -> a = a ^ 1
  :: (a ^ safe) & 1 -> safe = safe ^ 1
  :: else
  fi;
  if
  :: (a ^ safe) & 2 -> a = a ^ 2
  :: (a ^ safe) & 2 -> safe = safe ^ 2
  :: else
  fi
}

inline settle_duty(p, c) {
  if
  :: DUTY(p, c) != SAFE(p, c) -> DUTY(p, c) = SAFE(p, c)
  :: DUTY(p, c) != SAFE(p, c) -> SAFE(p, c) = DUTY(p, c)
  :: else
  fi
}

inline settle_store(h) {
  settle_set(data[h], safe_data[h]);
  settle_set(alone[h], safe_alone[h])
}

proctype World() {
  do
  :: atomic { !up[A] -> up[A] = 1 }
  :: atomic { !up[B] -> up[B] = 1 }
  :: atomic { !up[C] -> up[C] = 1 }
  :: atomic {
      faults > 0 ->
      faults--;
      if
      :: up[A] ->
        kill_one_server(UA); kill_one_sender(AB); kill_one_sender(AC);
        settle_store(A);
        settle_duty(AB, 0); settle_duty(AB, 1);
        settle_duty(AC, 0); settle_duty(AC, 1);
        up[A] = 0; live[A] = 0
      :: up[B] ->
        kill_one_server(AB); kill_one_sender(BC);
        settle_store(B);
        settle_duty(BC, 0); settle_duty(BC, 1);
        up[B] = 0; live[B] = 0
      :: up[C] ->
        kill_one_server(AC); kill_one_server(BC);
        settle_store(C);
        up[C] = 0
      :: served[UA] -> kill_one_server(UA)
      :: served[AB] -> kill_one_server(AB)
      :: served[AC] -> kill_one_server(AC)
      :: served[BC] -> kill_one_server(BC)
      :: conn[UA] == OPEN -> kill_one_sender(UA)
      :: conn[AB] != CLOSED -> kill_one_sender(AB)
      :: conn[AC] != CLOSED -> kill_one_sender(AC)
      :: conn[BC] != CLOSED -> kill_one_sender(BC)
      :: conn[UA] == FIN -> conn[UA] = RST
      :: conn[AB] == FIN -> conn[AB] = RST
      :: conn[AC] == FIN -> conn[AC] = RST
      :: conn[BC] == FIN -> conn[BC] = RST
      :: faults = 0
      fi;
      check()
    }
  od
}

#define ended_well(p, c) \
  (DUTY(p, c) == NONE || DUTY(p, c) == DONE || \
   (refuses(to(p), c) && open_duty(DUTY(p, c))))
#define there(h, c) (HAS(safe_data[h], c) || refuses(h, c))

proctype Quiet() {
  atomic {
    timeout ->
    assert(acknowledged);
    assert(ended_well(AB, 0) && ended_well(AB, 1));
    assert(ended_well(AC, 0) && ended_well(AC, 1));
    assert(ended_well(BC, 0) && ended_well(BC, 1));
    assert(there(A, 0) && there(A, 1) && there(B, 0) && there(B, 1));
    if /* B refuses it, and A may not send it to C: it goes with B's duty */
    :: REFUSES == B && chain && !allows(AC) ->
      assert(there(C, 0) && DUTY(AB, 1) == TODO)
    :: else -> assert(!wanted(C) || (there(C, 0) && there(C, 1)))
    fi
  }
}

init {
  atomic {
    up[A] = 1; up[B] = 1; up[C] = 1;
    run Server(UA); run Server(AB); run Server(AC); run Server(BC);
    run Uploader();
    run Sender(AB); run Sender(AC); run Sender(BC);
    run World(); run Quiet()
  }
}
