package pgha.agent.ha;

public enum Reason {
    STARTING
}
