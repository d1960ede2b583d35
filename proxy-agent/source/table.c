#include "proxy-agent/source/table.h"

#include <stddef.h>

#include "proxy-agent/source/azure/azure.h"
#include "proxy-agent/source/cloud/boxes.h"
#include "proxy-agent/source/cloud/google.h"
#include "proxy-agent/source/cloud/graph.h"
#include "proxy-agent/source/dav/dav.h"
#include "proxy-agent/source/files/sftp.h"
#include "proxy-agent/source/mail/ews.h"
#include "proxy-agent/source/mail/imap.h"
#include "proxy-agent/source/mail/pop3.h"
#include "proxy-agent/source/s3/s3.h"
#include "proxy-agent/source/swift/swift.h"
#include "proxy-agent/source/web/web.h"

const struct source_ops *const proxy_sources[] = {
    /* files of hosts and folders that they share */
    &sftp_source,
    &ssh_source,
    /* mail */
    &imap_source,
    &imaps_source,
    &pop3_source,
    &pop3s_source,
    &ews_source,
    /* the web */
    &http_source,
    &https_source,
    /* stores of objects */
    &s3_source,
    &azure_source,
    &azure_queue_source,
    &azure_table_source,
    &swift_source,
    &dav_source,
    &davs_source,
    &gcs_source,
    /* clouds of people and their companies */
    &onedrive_source,
    &sharepoint_source,
    &outlook_source,
    &gdrive_source,
    &gmail_source,
    &dropbox_source,
    &box_source,
    NULL,
};
