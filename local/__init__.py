"""Tools that run the project on one machine. Development only: none of this is deployed."""
