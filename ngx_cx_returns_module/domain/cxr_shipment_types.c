
/*
 * The tables of a shipment, its scans and the bodies of its events.  A table
 * only grows, at its end: the order of the fields is the format on disk.
 */

#include "cxr_shipment.h"


const char *const  cxr_ship_status_names[] = {
    "unknown", "label_created", "picked_up", "in_transit",
    "out_for_delivery", "ready_for_pickup", "attempt_failed", "delivered",
    "returning", "returned", "cancelled", "expired", NULL
};

const char *const  cxr_ship_reason_names[] = {
    "none", "delayed_weather", "delayed_carrier", "customs",
    "address_problem", "recipient_absent", "refused", "damaged", "lost",
    "held", "missorted", "rescheduled", "redirected", "payment_due",
    "unclaimed", "security", "other", NULL
};

const char *const  cxr_ship_action_names[] = {
    "none", "pick_up", "correct_address", "contact_carrier", "pay",
    "be_home", NULL
};

const char *const  cxr_left_names[] = {
    "none", "hands", "household", "neighbour", "reception", "mailbox",
    "safe_place", "pickup_point", NULL
};

const char *const  cxr_retract_names[] = {
    "none", "itself", "previous", "named", NULL
};

const char *const  cxr_precision_names[] = {
    "none", "date", "minute", "second", NULL
};

const char *const  cxr_zone_source_names[] = {
    "unknown", "value", "field", "profile", NULL
};

const char *const  cxr_direction_names[] = {
    "outbound", "return", NULL
};


static const cxr_field_t  cxr_scan_fields[] = {
    CXR_FIELD(cxr_scan_t, at, TIME),
    CXR_FIELD(cxr_scan_t, offset, I64),
    CXR_FIELD_ENUM(cxr_scan_t, precision, cxr_precision_names),
    CXR_FIELD_ENUM(cxr_scan_t, zone, cxr_zone_source_names),
    CXR_FIELD_ENUM(cxr_scan_t, status, cxr_ship_status_names),
    CXR_FIELD_ENUM(cxr_scan_t, reason, cxr_ship_reason_names),
    CXR_FIELD_ENUM(cxr_scan_t, action, cxr_ship_action_names),
    CXR_FIELD(cxr_scan_t, mapped, BOOL),
    CXR_FIELD(cxr_scan_t, seq, U32),
    CXR_FIELD(cxr_scan_t, id, STR),
    CXR_FIELD(cxr_scan_t, code, STR),
    CXR_FIELD(cxr_scan_t, text, STR),
    CXR_FIELD(cxr_scan_t, place, STR),
    CXR_FIELD(cxr_scan_t, country, STR),
    CXR_FIELD(cxr_scan_t, time_text, STR),
    CXR_FIELD_ENUM_SINCE(cxr_scan_t, retract, cxr_retract_names,
                         CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_scan_t, retracts, STR, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_scan_t, retracts_at, TIME, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_scan_t, retracted, BOOL, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_ENUM_SINCE(cxr_scan_t, left, cxr_left_names, CXR_FIELD_SPARSE,
                         3),
    CXR_FIELD_SINCE(cxr_scan_t, signature, BOOL, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_END
};

const cxr_type_t  cxr_scan_type = {
    "scan", 0, 3, sizeof(cxr_scan_t), cxr_scan_fields
};


static const cxr_field_t  cxr_shipment_fields[] = {
    CXR_FIELD(cxr_shipment_t, carrier, STR),
    CXR_FIELD(cxr_shipment_t, number, STR),
    CXR_FIELD(cxr_shipment_t, day, U32),
    CXR_FIELD(cxr_shipment_t, reference, STR),
    CXR_FIELD(cxr_shipment_t, order, STR),
    CXR_FIELD(cxr_shipment_t, lines, STRS),
    CXR_FIELD(cxr_shipment_t, rma, STR),
    CXR_FIELD_ENUM(cxr_shipment_t, direction, cxr_direction_names),
    CXR_FIELD_X(cxr_shipment_t, consigned, BOOL, CXR_FIELD_HIDDEN),
    CXR_FIELD_ENUM(cxr_shipment_t, status, cxr_ship_status_names),
    CXR_FIELD_ENUM(cxr_shipment_t, reason, cxr_ship_reason_names),
    CXR_FIELD_ENUM(cxr_shipment_t, action, cxr_ship_action_names),
    CXR_FIELD(cxr_shipment_t, status_at, TIME),
    CXR_FIELD(cxr_shipment_t, picked_up_at, TIME),
    CXR_FIELD(cxr_shipment_t, delivered_at, TIME),
    CXR_FIELD(cxr_shipment_t, eta_from, TIME),
    CXR_FIELD(cxr_shipment_t, eta_to, TIME),
    CXR_FIELD(cxr_shipment_t, eta_offset, I64),
    CXR_FIELD_ENUM(cxr_shipment_t, eta_precision, cxr_precision_names),
    CXR_FIELD(cxr_shipment_t, eta_asof, TIME),
    CXR_FIELD(cxr_shipment_t, service, STR),
    CXR_FIELD_ENUM(cxr_shipment_t, header_status, cxr_ship_status_names),
    CXR_FIELD_ENUM(cxr_shipment_t, header_reason, cxr_ship_reason_names),
    CXR_FIELD(cxr_shipment_t, header_code, STR),
    CXR_FIELD(cxr_shipment_t, header_at, TIME),
    CXR_FIELD(cxr_shipment_t, header_wins, BOOL),
    CXR_FIELD_SUB(cxr_shipment_t, scans, LIST, &cxr_scan_type),
    CXR_FIELD(cxr_shipment_t, unmapped, U32),
    CXR_FIELD(cxr_shipment_t, dropped, U32),
    CXR_FIELD(cxr_shipment_t, created_at, TIME),
    CXR_FIELD(cxr_shipment_t, updated_at, TIME),
    CXR_FIELD(cxr_shipment_t, revision, U32),
    CXR_FIELD_SINCE(cxr_shipment_t, pieces, U32, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_shipment_t, return_number, STR, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_shipment_t, unique, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_shipment_t, digest, BYTES, CXR_FIELD_HIDDEN, 4),
    CXR_FIELD_SINCE(cxr_shipment_t, partner, STR, CXR_FIELD_SPARSE, 5),
    CXR_FIELD_SINCE(cxr_shipment_t, partner_number, STR, CXR_FIELD_SPARSE, 5),
    CXR_FIELD_SINCE(cxr_shipment_t, pickup_until, TIME, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_shipment_t, pickup_offset, I64, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_ENUM_SINCE(cxr_shipment_t, pickup_precision, cxr_precision_names,
                         CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_shipment_t, pickup_asof, TIME, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_shipment_t, pickup_point, STR, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_shipment_t, pickup_hours, STR, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_END
};

const cxr_type_t  cxr_shipment_type = {
    "shipment", CXR_TYPE_SHIPMENT, 6, sizeof(cxr_shipment_t),
    cxr_shipment_fields
};


static const cxr_field_t  cxr_report_fields[] = {
    CXR_FIELD(cxr_report_t, carrier, STR),
    CXR_FIELD(cxr_report_t, number, STR),
    CXR_FIELD(cxr_report_t, day, U32),
    CXR_FIELD(cxr_report_t, reference, STR),
    CXR_FIELD(cxr_report_t, order, STR),
    CXR_FIELD(cxr_report_t, service, STR),
    CXR_FIELD_ENUM(cxr_report_t, header_status, cxr_ship_status_names),
    CXR_FIELD_ENUM(cxr_report_t, header_reason, cxr_ship_reason_names),
    CXR_FIELD(cxr_report_t, header_code, STR),
    CXR_FIELD(cxr_report_t, header_at, TIME),
    CXR_FIELD(cxr_report_t, header_wins, BOOL),
    CXR_FIELD(cxr_report_t, header_mapped, BOOL),
    CXR_FIELD(cxr_report_t, eta_from, TIME),
    CXR_FIELD(cxr_report_t, eta_to, TIME),
    CXR_FIELD(cxr_report_t, eta_offset, I64),
    CXR_FIELD_ENUM(cxr_report_t, eta_precision, cxr_precision_names),
    CXR_FIELD(cxr_report_t, eta_asof, TIME),
    CXR_FIELD_SUB(cxr_report_t, scans, LIST, &cxr_scan_type),
    CXR_FIELD_SINCE(cxr_report_t, pieces, U32, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_report_t, return_number, STR, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_report_t, unique, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_report_t, digest, BYTES, CXR_FIELD_HIDDEN, 4),
    CXR_FIELD_SINCE(cxr_report_t, partner, STR, CXR_FIELD_SPARSE, 5),
    CXR_FIELD_SINCE(cxr_report_t, partner_number, STR, CXR_FIELD_SPARSE, 5),
    CXR_FIELD_SINCE(cxr_report_t, pickup_until, TIME, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_report_t, pickup_offset, I64, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_ENUM_SINCE(cxr_report_t, pickup_precision, cxr_precision_names,
                         CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_report_t, pickup_asof, TIME, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_report_t, pickup_point, STR, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_report_t, pickup_hours, STR, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_END
};

const cxr_type_t  cxr_report_type = {
    "report", CXR_TYPE_REPORT, 6, sizeof(cxr_report_t), cxr_report_fields
};


static const cxr_field_t  cxr_consign_fields[] = {
    CXR_FIELD(cxr_consign_t, carrier, STR),
    CXR_FIELD(cxr_consign_t, number, STR),
    CXR_FIELD(cxr_consign_t, day, U32),
    CXR_FIELD(cxr_consign_t, order, STR),
    CXR_FIELD(cxr_consign_t, lines, STRS),
    CXR_FIELD(cxr_consign_t, rma, STR),
    CXR_FIELD_ENUM(cxr_consign_t, direction, cxr_direction_names),
    CXR_FIELD_END
};

const cxr_type_t  cxr_consign_type = {
    "consign", CXR_TYPE_CONSIGN, 1, sizeof(cxr_consign_t), cxr_consign_fields
};
