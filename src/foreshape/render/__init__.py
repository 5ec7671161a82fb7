"""Reports as text: for people (terminal), for editors and logs (concise), for programs (json)."""
