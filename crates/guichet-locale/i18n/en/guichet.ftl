# What Guichet's lab says. The French file has the same messages with the same arguments.
# A number shows with its thousands apart; what is measured comes written already.

## Numbers and times

times = { $factor } times
days = { $number } days
listed = { $first } and { $last }

## The program

error = error: { $what }

## simulate

simulate-try-next = Try next
