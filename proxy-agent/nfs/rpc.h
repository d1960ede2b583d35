#ifndef PROXY_AGENT_NFS_RPC_H
#define PROXY_AGENT_NFS_RPC_H

/*
 * rpc: calls and answers as libnfs puts them on the wire and takes them off.
 * Its headers want this order.
 */
/* clang-format off */
#include <stdint.h>

#include <nfsc/libnfs.h>
#include <nfsc/libnfs-zdr.h>
#include <nfsc/libnfs-raw.h>
#include <nfsc/libnfs-raw-mount.h>
#include <nfsc/libnfs-raw-nfs.h>
#include <nfsc/libnfs-raw-nfs4.h>
#include <nfsc/libnfs-raw-portmap.h>
/* clang-format on */

#endif
