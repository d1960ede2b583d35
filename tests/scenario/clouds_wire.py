"""The clouds of clouds.py and the mailboxes of ews.py behind something that
spoils connections: many small objects, none of them odd, and content where it
was asked for, so that it takes the same way.

  clouds_wire.py PORT COUNT FOLDER      COUNT objects of each kind
"""
import sys

COUNT = int(sys.argv[2])
sys.argv[2] = "0"
import clouds
import ews  # its service, too

TEXT = "visa 4111 1111 1111 1111, no. {}\r\n" + "words and words\r\n" * 120
NAMES = [f"{i:03}" for i in range(COUNT)]
clouds.PAGE = 40
clouds.there = lambda: clouds.asked.at
clouds.FILES.clear()
clouds.FILES.update({f"Many/{n}.txt": TEXT.format(n).encode() for n in NAMES})
clouds.MAIL.clear()
clouds.MAIL["Archive"] = [clouds.mail(f"Note {n}", TEXT.format(n))
                          for n in NAMES]
clouds.serve(clouds.PORT).serve_forever()
