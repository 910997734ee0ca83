package pgha.dcs.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import pgha.dcs.codec.StoredKey;
import pgha.dcs.etcd.Txn.Guard;
import pgha.dcs.etcd.Txn.Write;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Revision;

/** Our values as etcd's messages, and back. Pure. */
final class Wire {
    /** {@code Compare.CompareTarget.LEASE} and its field, which etcd knows since 3.3 and the generated class does not. */
    private static final int COMPARE_LEASE = 4;

    private static final int LEASE_FIELD = 8;

    private Wire() {}

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    /** The end of the range of all keys that begin with {@code prefix}: its last byte, plus one. */
    static ByteString endOfPrefix(String prefix) {
        byte[] end = prefix.getBytes(StandardCharsets.UTF_8);
        end[end.length - 1]++;
        return ByteString.copyFrom(end);
    }

    /** All keys below {@code prefix}, linearizable: answered by nobody who is cut off from the quorum. */
    static RangeRequest range(String prefix) {
        return RangeRequest.newBuilder()
                .setKey(bytes(prefix))
                .setRangeEnd(endOfPrefix(prefix))
                .build();
    }

    static StoredKey stored(KeyValue kv) {
        return new StoredKey(
                kv.getKey().toStringUtf8(),
                kv.getValue().toStringUtf8(),
                new LeaseId(kv.getLease()),
                new Revision(kv.getCreateRevision()),
                new Revision(kv.getModRevision()));
    }

    static TxnRequest request(Txn txn) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        txn.guards().forEach(guard -> request.addCompare(compare(guard)));
        txn.writes().forEach(write -> request.addSuccess(operation(write)));
        return request.addFailure(RequestOp.newBuilder()
                        .setRequestRange(RangeRequest.newBuilder().setKey(bytes(txn.contested()))))
                .build();
    }

    /** What the contested key held, in the answer to a transaction that was refused. */
    static Optional<StoredKey> contested(TxnResponse response) {
        return response.getResponsesList().stream()
                .flatMap(op -> op.getResponseRange().getKvsList().stream())
                .findFirst()
                .map(Wire::stored);
    }

    private static Compare compare(Guard guard) {
        Compare.Builder compare =
                Compare.newBuilder().setKey(bytes(guard.key())).setResult(Compare.CompareResult.EQUAL);
        return switch (guard) {
            case Guard.ValueIs g ->
                compare.setTarget(Compare.CompareTarget.VALUE)
                        .setValue(bytes(g.value()))
                        .build();
            case Guard.ModifiedAt g ->
                compare.setTarget(Compare.CompareTarget.MOD)
                        .setModRevision(g.revision().number())
                        .build();
            case Guard.NotModifiedAfter g ->
                compare.setTarget(Compare.CompareTarget.MOD)
                        .setResult(Compare.CompareResult.LESS)
                        .setModRevision(g.revision().number() + 1)
                        .build();
            case Guard.LeaseIs g ->
                compare.setTargetValue(COMPARE_LEASE)
                        .setUnknownFields(leaseField(g.lease()))
                        .build();
        };
    }

    private static UnknownFieldSet leaseField(LeaseId lease) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        LEASE_FIELD,
                        UnknownFieldSet.Field.newBuilder().addVarint(lease.id()).build())
                .build();
    }

    private static RequestOp operation(Write write) {
        return switch (write) {
            case Write.Put put ->
                RequestOp.newBuilder()
                        .setRequestPut(PutRequest.newBuilder()
                                .setKey(bytes(put.key()))
                                .setValue(bytes(put.value()))
                                .setLease(put.lease().id()))
                        .build();
            case Write.Delete delete ->
                RequestOp.newBuilder()
                        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(bytes(delete.key())))
                        .build();
            case Write.DeleteBelow below ->
                RequestOp.newBuilder()
                        .setRequestDeleteRange(DeleteRangeRequest.newBuilder()
                                .setKey(bytes(below.key()))
                                .setRangeEnd(endOfPrefix(below.key())))
                        .build();
        };
    }
}
