package pgha.dcs;

/** The twin keeps the contract. */
final class InMemoryDcsTest extends DcsContract {
    @Override
    protected StoreUnderTest open() {
        return new InMemoryStoreUnderTest();
    }
}
