#ifndef PROXY_AGENT_SOURCE_CLOUD_GRAPH_H
#define PROXY_AGENT_SOURCE_CLOUD_GRAPH_H

#include "source/source.h"

/*
 * graph: what Microsoft Graph (v1.0) shows of a customer:
 *
 *   onedrive://TENANT/[USER[/FOLDER...]]        files of people
 *   sharepoint://HOST/[SITE[/LIBRARY[/...]]]    libraries of sites; a SITE is
 *                                               sites/NAME or teams/NAME
 *   outlook://TENANT/[USER[/FOLDER...]]         mail of Exchange Online, each
 *                                               message as MIME
 *
 * An application with the right Files.Read.All, Sites.Read.All or Mail.Read
 * sees everybody; with a refresh token it sees whom that belongs to. Nothing is
 * written, no message is marked.
 */
extern const struct source_ops onedrive_source, sharepoint_source,
    outlook_source;

#endif
