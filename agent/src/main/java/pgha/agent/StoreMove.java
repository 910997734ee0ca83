package pgha.agent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsReply;
import pgha.dcs.etcd.EtcdDcs;

/** Takes the store's connection to where the file now says that it is, and says what came of it. Blocks for seconds. */
final class StoreMove {
    private static final Logger log = LoggerFactory.getLogger(StoreMove.class);

    private StoreMove() {}

    static void to(DcsConfig next, EtcdDcs store) {
        switch (store.use(next)) {
            case DcsReply.Done<Boolean> done -> {
                if (done.value()) {
                    log.info("asking etcd at {} from now on", next.whereabouts());
                }
            }
            case DcsReply.Refused<Boolean> refused -> stays(next, refused.reason());
            case DcsReply.NoAnswer<Boolean> none -> stays(next, none.cause());
        }
    }

    private static void stays(DcsConfig next, String why) {
        log.error(
                "cannot go over to etcd at {}: {}; look at the section etcd3 and reload again, the previous one stays",
                next.whereabouts(),
                why);
    }
}
