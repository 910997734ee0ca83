package pgha.vip;

import java.util.List;

/**
 * Where an address has been bound, and which other copies of it had to go for that. Immutable.
 *
 * @param replaced for people: {@code 10.0.0.9/24 on eth0}
 */
public record Binding(String interfaceName, AddressLifetime lifetime, List<String> replaced) {
    public Binding {
        replaced = List.copyOf(replaced);
    }
}
