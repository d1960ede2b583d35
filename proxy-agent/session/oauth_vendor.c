#include <string.h>

#include "proxy-agent/session/oauth.h"

/* The clouds, and where each is asked. */
static const struct oauth_vendor vendors[] = {
    {"microsoft",
     "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
     "https://graph.microsoft.com/v1.0", NULL},
    {"microsoft-us",
     "https://login.microsoftonline.us/{tenant}/oauth2/v2.0/token",
     "https://graph.microsoft.us/v1.0", NULL},
    {"microsoft-china",
     "https://login.partner.microsoftonline.cn/{tenant}/oauth2/v2.0/token",
     "https://microsoftgraph.chinacloudapi.cn/v1.0", NULL},
    {"google", "https://oauth2.googleapis.com/token",
     "https://www.googleapis.com", NULL},
    {"google-storage", "https://oauth2.googleapis.com/token",
     "https://storage.googleapis.com", NULL},
    {"google-mail", "https://oauth2.googleapis.com/token",
     "https://gmail.googleapis.com", NULL},
    {"dropbox", "https://api.dropboxapi.com/oauth2/token",
     "https://api.dropboxapi.com", "https://content.dropboxapi.com"},
    {"box", "https://api.box.com/oauth2/token", "https://api.box.com", NULL},
};

const struct oauth_vendor *
oauth_vendor(const char *name)
{
	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++)
		if (strcmp(vendors[i].name, name) == 0)
			return &vendors[i];
	return NULL;
}
