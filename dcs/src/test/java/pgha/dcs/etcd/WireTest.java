package pgha.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.dcs.Keys;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;

/** Shows transactions as etcd gets them. */
final class WireTest {
    private static final EtcdTxns TXNS = new EtcdTxns(new Keys("/s/d/"));
    private static final MemberName A = new MemberName("a");

    @Test
    void takingTheLeaderKeyDemandsThatItDoesNotExistAndThatNobodyHasLedSince() {
        assertThat(Wire.request(TXNS.takeLeaderKey(A, new LeaseId(9), new Revision(6)))
                        .toString())
                .isEqualTo("""
                        compare {
                          target: MOD
                          key: "/s/d/leader"
                          mod_revision: 0
                        }
                        compare {
                          result: LESS
                          target: MOD
                          key: "/s/d/status"
                          mod_revision: 7
                        }
                        success {
                          request_put {
                            key: "/s/d/leader"
                            value: "a"
                            lease: 9
                          }
                        }
                        failure {
                          request_range {
                            key: "/s/d/leader"
                          }
                        }
                        """);
    }

    @Test
    void aReleaseIsOneTransactionUnderThatLease() {
        assertThat(Wire.request(TXNS.releaseLeaderKey(A, new LeaseId(9), Optional.of(ClusterStatus.at(new Lsn(5)))))
                        .toString())
                .isEqualTo("""
                        compare {
                          target: VALUE
                          key: "/s/d/leader"
                          value: "a"
                        }
                        compare {
                          target: UNKNOWN_ENUM_VALUE_CompareTarget_4
                          key: "/s/d/leader"
                          8: 9
                        }
                        success {
                          request_put {
                            key: "/s/d/status"
                            value: "{\\"optime\\":5}"
                          }
                        }
                        success {
                          request_delete_range {
                            key: "/s/d/leader"
                          }
                        }
                        failure {
                          request_range {
                            key: "/s/d/leader"
                          }
                        }
                        """);
    }

    @Test
    void comparingALeaseIsTargetFourAndFieldEight() {
        Txn txn = new Txn(List.of(new Txn.Guard.LeaseIs("k", new LeaseId(9))), List.of(), "k");
        byte[] bytes = Wire.request(txn).getCompare(0).toByteArray();
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("1004" + "1a016b" + "4009");
    }

    @Test
    void aPrefixEndsWhereItsLastByteGoesOn() {
        assertThat(Wire.endOfPrefix("/s/d/").toStringUtf8()).isEqualTo("/s/d0");
    }

    @Test
    void notModifiedAfterIsLessThanTheNext() {
        Txn txn = new Txn(List.of(new Txn.Guard.NotModifiedAfter("k", new Revision(6))), List.of(), "k");
        assertThat(Wire.request(txn).getCompare(0).toString())
                .isEqualTo("result: LESS\ntarget: MOD\nkey: \"k\"\nmod_revision: 7\n");
    }
}
