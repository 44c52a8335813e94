#!/usr/bin/python3
# What a shop would write itself: lxml.iterparse and py-lmdb over the document
# that t/bench/soap.c makes.  The same upserts: for each shipment a record by
# its number, put when it is new or has become another, and an entry in a
# journal whose entries are chained by BLAKE2b; 2048 shipments a durable commit.
#
#   peer.py DOCUMENT DIRECTORY

import calendar
import hashlib
import json
import struct
import sys
import time

import lmdb
from lxml import etree

BATCH = 2048
ZONE = 3 * 3600
STATUS = {'PU': 'picked_up', 'DP': 'in_transit', 'AR': 'in_transit',
          'OD': 'out_for_delivery', 'DL': 'delivered'}


def report(el):
    events = []
    for ev in el.iterfind('Events/Event'):
        code = ev.findtext('Code')
        at = time.strptime(ev.findtext('Date') + ' ' + ev.findtext('Time'),
                           '%Y-%m-%d %H:%M:%S')
        events.append((calendar.timegm(at) - ZONE, STATUS.get(code), code,
                       ev.findtext('Description'),
                       ev.findtext('City') + ', ' + ev.findtext('Unit')))
    events.sort()
    return {'number': el.findtext('TrackingNumber'),
            'reference': el.findtext('Reference'),
            'service': el.findtext('Service'),
            'status': events[-1][1], 'events': events}


def main(document, directory):
    env = lmdb.open(directory, map_size=16 << 30, max_dbs=4)
    shipments = env.open_db(b'shipments')
    journal = env.open_db(b'journal')
    txn = env.begin(write=True)
    chain = bytes(32)
    seq = n = stored = 0

    cursor = txn.cursor(journal)
    if cursor.last():
        seq = struct.unpack('>Q', cursor.key())[0]
        chain = cursor.value()[:32]

    for _, el in etree.iterparse(document, tag='Shipment'):
        r = report(el)
        key = ('bench\0' + r['number']).encode()
        value = json.dumps(r, ensure_ascii=False).encode()
        if txn.get(key, db=shipments) != value:
            seq += 1
            chain = hashlib.blake2b(chain + value, digest_size=32).digest()
            txn.put(struct.pack('>Q', seq), chain + value, db=journal,
                    append=True)
            txn.put(key, value, db=shipments)
            stored += 1
        el.clear()
        while el.getprevious() is not None:
            del el.getparent()[0]
        n += 1
        if n % BATCH == 0:
            txn.commit()
            txn = env.begin(write=True)

    txn.commit()
    print(n, stored)


main(sys.argv[1], sys.argv[2])
