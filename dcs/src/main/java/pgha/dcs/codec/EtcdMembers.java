package pgha.dcs.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads the list of members that etcd gives its peers at {@code /members} (etcdserver/api/etcdhttp). Pure. */
public final class EtcdMembers {
    private EtcdMembers() {}

    /**
     * The URLs at which they serve clients, in the order of the list.
     *
     * @throws IllegalArgumentException if {@code document} is not JSON, or no list
     */
    public static List<String> clientUrls(String document) {
        List<String> urls = new ArrayList<>();
        for (JsonNode member : Json.readArray(document)) {
            for (JsonNode url : member.path("clientURLs")) {
                urls.add(url.asText());
            }
        }
        return urls;
    }
}
